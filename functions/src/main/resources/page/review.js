// The photos that the model is unsure about, one after the other.

import { correct, labels, page } from './api.js';
import { h, nameOf, own, percent, say } from './dom.js';
import { correction, explained } from './photo.js';

const CHOICES = 5;

/** One photo, its likeliest labels under the number keys. */
export async function reviewView(main) {
  await labels();
  const stage = h('div', { class: 'stage' });
  main.append(
    h('h1', { tabindex: '-1', text: 'Review' }),
    h('p', { class: 'summary' }, 'What is it? Choose a label or press its number, or ', h('kbd', { text: 's' }), ' to skip.'),
    stage,
  );
  let queue = [];
  let cursor = '';
  let ended = false;

  const next = async () => {
    if (!queue.length && !ended) {
      const part = await page({ path: 'review' }, cursor, 20);
      queue = part.images.filter(({ review }) => review);
      cursor = part.nextCursor ?? '';
      ended = !cursor;
      if (!queue.length && !ended) return next();
    }
    return show();
  };
  const show = () => {
    if (!queue.length) {
      stage.replaceChildren(h('p', { class: 'empty', text: 'Nothing waits for a person. Well done.' }));
      say('Nothing waits for a person.');
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
    const alone = (choice) => () => save.disabled || choice();
    const choose = (label) =>
      leave(async () => {
        await correct(result.key, label);
        say(`${nameOf(result.key)} is ${label}.`);
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
        h('div', { class: 'choices', role: 'group', 'aria-label': 'Likeliest labels' }, choices),
        wrong,
        form,
        h('div', { class: 'row' }, explained(result, picture), h('button', { type: 'button', class: 'plain', 'data-key': 's', 'aria-keyshortcuts': 's', text: 'Skip', onclick: alone(skip) })),
      ),
    );
    const focused = stage.querySelector('.choice');
    if (document.activeElement === document.body || stage.contains(document.activeElement)) focused?.focus();
    say(`${nameOf(result.key)}: perhaps ${result.label}.`);
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
    if (event.target.tagName === 'INPUT' || event.ctrlKey || event.metaKey || event.altKey) return;
    stage.querySelector(`[data-key="${CSS.escape(event.key)}"]`)?.click();
  };
  addEventListener('keydown', keys);
  await next();
}
