// The photos that the model is unsure about or does not know, one after the other.

import { correct, labels, page } from './api.js';
import { h, nameOf, own, percent, reasonOf, said, say, trouble } from './dom.js';
import { correction, explained } from './photo.js';

const CHOICES = 5;

/** One photo, its likeliest labels under the number keys. */
export async function reviewView(main) {
  await labels();
  const stage = h('div', { class: 'stage' });
  const which = h(
    'select',
    {},
    h('option', { value: '', text: 'unsure and unknown' }),
    h('option', { value: 'unsure', text: 'unsure: no label is likely enough' }),
    h('option', { value: 'unknown', text: 'unknown: like nothing that the model learned' }),
  );
  main.append(
    h('h1', { tabindex: '-1', text: 'Review' }),
    h('p', { class: 'summary' }, 'What is it? Choose a label or press its number, ', h('kbd', { text: 'n' }), ' for none of the labels, or ', h('kbd', { text: 's' }), ' to skip.'),
    h('p', {}, h('label', {}, 'Show ', which)),
    stage,
  );
  let queue = [];
  let cursor = '';
  let ended = false;
  let round = 0;

  const next = async () => {
    if (!queue.length && !ended) {
      const asked = round;
      const part = await page({ path: 'review' }, cursor, 20);
      if (asked !== round) return;
      queue = part.images.filter(({ review, reason = 'unsure' }) => review && (!which.value || which.value === reason));
      cursor = part.nextCursor ?? '';
      ended = !cursor;
      if (!queue.length && !ended) return next();
    }
    return show();
  };
  which.onchange = () => {
    round++;
    queue = [];
    cursor = '';
    ended = false;
    next().catch((problem) => trouble(problem.message, which.onchange));
  };
  const show = () => {
    if (!queue.length) {
      const nothing = which.value ? `Nothing ${which.value} waits for a person.` : 'Nothing waits for a person.';
      stage.replaceChildren(h('p', { class: 'empty', text: `${nothing} Well done.` }));
      say(nothing);
      labels().catch(() => {});
      return;
    }
    const result = queue[0];
    const picture = h('img', { src: result.image ?? '', alt: nameOf(result.key) });
    const wrong = h('p', { class: 'wrong', role: 'alert' });
    const leave = async (first) => {
      save.disabled = true;
      wrong.textContent = '';
      try {
        await first();
        if (queue[0] === result) queue.shift();
        await next();
      } catch (problem) {
        wrong.textContent = problem.message;
        save.disabled = false;
      }
    };
    const skip = () => leave(() => {});
    const form = correction(result, skip, 'Something else?');
    // off while what was chosen, in the form or beside it, is being settled
    const save = form.querySelector('button');
    const none = form.querySelector('.none');
    none.dataset.key = 'n';
    none.setAttribute('aria-keyshortcuts', 'n');
    const alone = (choice) => () => save.disabled || choice();
    const choose = (label) =>
      leave(async () => {
        say(said(await correct(result.key, label)));
      });
    const choices = result.predictions.slice(0, CHOICES).map(({ label, confidence }, at) =>
      h(
        'button',
        { type: 'button', class: 'choice', 'data-key': at + 1, 'aria-keyshortcuts': at + 1, onclick: alone(() => choose(label)) },
        h('kbd', { 'aria-hidden': 'true', text: at + 1 }),
        own(label),
        h('span', { class: 'share', text: percent(confidence) }),
      ),
    );
    stage.replaceChildren(
      h('div', { class: 'picture' }, picture),
      h(
        'div',
        { class: 'about' },
        h('h2', {}, own(nameOf(result.key))),
        h('p', { class: 'verdict' }, reasonOf(result)),
        h('div', { class: 'choices', role: 'group', 'aria-label': 'Likeliest labels' }, choices),
        wrong,
        form,
        h('div', { class: 'row' }, explained(result, picture), h('button', { type: 'button', class: 'plain', 'data-key': 's', 'aria-keyshortcuts': 's', text: 'Skip', onclick: alone(skip) })),
      ),
    );
    const focused = stage.querySelector('.choice');
    if (document.activeElement === document.body || stage.contains(document.activeElement)) focused?.focus();
    say(`${nameOf(result.key)}: ${result.reason === 'unknown' ? 'unknown, ' : ''}perhaps ${result.label}.`);
  };
  const keys = (event) => {
    if (!stage.isConnected) {
      removeEventListener('keydown', keys);
      return;
    }
    if (event.repeat) {
      // it was meant for the photo before
      if (event.key === 'Enter' && event.target.tagName !== 'INPUT') event.preventDefault();
      return;
    }
    if (['INPUT', 'SELECT'].includes(event.target.tagName) || event.ctrlKey || event.metaKey || event.altKey) return;
    stage.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
  };
  addEventListener('keydown', keys);
  await next();
}
