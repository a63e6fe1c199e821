// One photo, large: why it has its label, and what a person says.

import { correct, heatMap } from './api.js';
import { bars, h, nameOf, own, said, say, verdict } from './dom.js';

/** A form to say what a photo is. */
export function correction(result, changed, question = 'What is it?') {
  const id = `label-${crypto.randomUUID()}`;
  const input = h('input', { id, name: 'label', list: 'labels', required: true, maxlength: 128, autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false' });
  const wrong = h('p', { class: 'wrong', role: 'alert' });
  const button = h('button', { text: 'Save' });
  const none = h('button', { type: 'button', class: 'plain none', text: 'None of the labels', onclick: () => button.disabled || save() });
  const save = async (label) => {
    button.disabled = true;
    wrong.textContent = '';
    try {
      const corrected = await correct(result.key, label);
      say(said(corrected));
      changed(corrected);
    } catch (problem) {
      wrong.textContent = problem.message;
      button.disabled = false;
      input.focus();
    }
  };
  const submit = (event) => {
    event.preventDefault();
    const label = input.value.trim();
    if (label) save(label);
  };
  return h(
    'form',
    { class: 'correction', onsubmit: submit },
    h('label', { for: id, text: question }),
    h('div', { class: 'row' }, input, button),
    h('div', { class: 'row' }, none),
    wrong,
  );
}

/** A picture and, on demand, what speaks for its label in it. */
export function explained(result, picture) {
  let map = null;
  const button = h('button', { type: 'button', class: 'plain', 'aria-pressed': 'false', text: 'Why?' });
  const plain = picture.src;
  button.onclick = async () => {
    if (button.getAttribute('aria-pressed') === 'true') {
      picture.src = plain;
      button.setAttribute('aria-pressed', 'false');
      return;
    }
    button.disabled = true;
    try {
      map ??= URL.createObjectURL(await heatMap(result.key));
      picture.src = map;
      button.setAttribute('aria-pressed', 'true');
      say('What is lit speaks for the model’s label.');
    } catch (problem) {
      say(problem.message);
      button.textContent = 'Why? Not known';
    }
    button.disabled = false;
  };
  return button;
}

/** Opens a photo of a list; tells of changes to it. */
export function openPhoto(list, start, changed) {
  let at = start;
  const back = document.activeElement;
  const dialog = h('dialog', { class: 'photo', 'aria-labelledby': 'photo-name' });
  const move = (by) => {
    at = Math.min(list.length - 1, Math.max(0, at + by));
    show();
  };
  const show = () => {
    const result = list[at];
    const picture = h('img', { src: result.image ?? '', alt: `${nameOf(result.key)}` });
    const update = (next) => {
      list[at] = next;
      changed(next);
      show();
    };
    dialog.replaceChildren(
      h('div', { class: 'picture' }, picture),
      h(
        'div',
        { class: 'about' },
        h('h2', { id: 'photo-name', tabindex: '-1' }, own(nameOf(result.key))),
        verdict(result),
        result.predictions && bars(result.predictions, 5),
        result.predictions && h('p', {}, explained(result, picture)),
        !result.error && correction(result, update),
        result.model && h('p', { class: 'small', text: `Model ${result.model.name} ${result.model.version}` }),
        h(
          'div',
          { class: 'row ends' },
          h('button', { type: 'button', class: 'plain', text: '← Previous', disabled: at === 0, onclick: () => move(-1) }),
          h('button', { type: 'button', class: 'plain', text: 'Next →', disabled: at === list.length - 1, onclick: () => move(1) }),
          h('button', { type: 'button', text: 'Close', onclick: () => dialog.close() }),
        ),
      ),
    );
    dialog.querySelector('h2').focus();
  };
  dialog.addEventListener('keydown', (event) => {
    if (event.target.tagName === 'INPUT') return;
    if (event.key === 'ArrowLeft') move(-1);
    if (event.key === 'ArrowRight') move(1);
  });
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
  dialog.addEventListener('close', () => {
    dialog.remove();
    back?.focus?.();
  });
  document.body.append(dialog);
  dialog.showModal();
  show();
}
