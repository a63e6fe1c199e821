// Trainings: how to start one, and what becomes of them.

import { bases, recipes, train, trainings } from './api.js';
import { h, own, say, when } from './dom.js';
import { needsSignIn } from './sign-in.js';

const FOLLOW = 3000;
const WORDS = {
  SUBMITTED: 'waits',
  PENDING: 'waits',
  RUNNABLE: 'waits for a machine',
  STARTING: 'starts',
  RUNNING: 'runs',
  SUCCEEDED: 'succeeded',
  FAILED: 'failed',
};
const NOT_HERE = 'Trainings cannot be started from here: run the trainer, and what it publishes appears above.';

const NOT_YOURS = 'Trainings are for administrators who are signed in.';
const BASE_HINT = 'With a few dozen photos a class, begin with a network that others have trained.';

const notHere = ({ status }) => status === 404 || status === 501;

/** The trainings, filled in as they are told. Says when one has ended. */
export function trainingsPanel(ended) {
  const body = h('div', { class: 'trainings' });
  const section = h('section', { class: 'panel' }, h('h2', { text: 'Training' }), body);
  const open = async () => {
    body.replaceChildren(h('p', { class: 'small working', text: 'One moment' }));
    if (await needsSignIn('admin')) {
      body.replaceChildren(h('p', { class: 'small', text: NOT_YOURS }));
      return;
    }
    try {
      const first = await trainings();
      const list = jobs(ended);
      list.show(first.trainings);
      const [known, begin] = await Promise.all([recipes(), bases()]);
      body.replaceChildren(starter(list, known, begin.bases), list.element);
      follow(section, list);
    } catch (problem) {
      body.replaceChildren(
        ...(notHere(problem)
          ? [h('p', { class: 'small', text: NOT_HERE })]
          : [h('p', { class: 'wrong', role: 'alert', text: problem.message }), h('button', { type: 'button', class: 'plain', text: 'Try again', onclick: open })]),
      );
    }
  };
  open();
  return section;
}

function follow(section, list) {
  setTimeout(async () => {
    if (!section.isConnected) return;
    try {
      list.show((await trainings()).trainings);
    } catch {
      // It is asked again.
    }
    follow(section, list);
  }, FOLLOW);
}

function jobs(ended) {
  const element = h('ul', { class: 'jobs', 'aria-label': 'Trainings' });
  const known = new Map();
  const show = (all) => {
    element.replaceChildren(...all.map(item));
    let one = false;
    for (const { id, status, stoppedAt } of all) {
      if (known.has(id) && known.get(id) !== status) {
        say(`The training ${WORDS[status] ?? status}.`);
        one ||= Boolean(stoppedAt);
      }
      known.set(id, status);
    }
    if (one) ended();
  };
  return { element, show };
}

function item({ id, status, reason, recipe, base, data, name, createdAt, startedAt, stoppedAt }) {
  const active = !stoppedAt;
  const time = stoppedAt ? `ended ${when(stoppedAt)}` : startedAt ? `since ${when(startedAt)}` : createdAt ? `asked for ${when(createdAt)}` : '';
  return h(
    'li',
    { 'data-job': id, 'data-status': status },
    h('span', { class: status === 'FAILED' ? 'chip bad' : active ? 'chip warn' : 'chip person', text: WORDS[status] ?? status }),
    ' ',
    own(`${name}: ${recipe}${base ? ` from ${base}` : ''} on ${data}`),
    ' ',
    h('span', { class: 'small', text: time }),
    reason && h('p', { class: 'small' }, own(reason)),
  );
}

function starter(list, known, begin) {
  const wrong = h('p', { class: 'wrong', role: 'alert' });
  const button = h('button', { text: 'Start a training' });
  const field = (label, control) => h('label', { class: 'field' }, h('span', { class: 'small', text: label }), control);
  const select = (name, byDefault, values, hint) =>
    h('select', { name, 'aria-describedby': hint }, h('option', { value: '', text: byDefault }), values.map((value) => h('option', { value, text: value })));
  const text = (name, placeholder) => h('input', { name, placeholder, maxlength: 1024, autocomplete: 'off', autocapitalize: 'none', spellcheck: 'false' });
  const start = async (event) => {
    event.preventDefault();
    button.disabled = true;
    wrong.textContent = '';
    try {
      const asked = [...new FormData(event.target)].map(([name, value]) => [name, value.trim()]);
      await train(Object.fromEntries(asked.filter(([, value]) => value)));
      say('A training has started.');
      list.show((await trainings()).trainings);
    } catch (problem) {
      wrong.textContent = notHere(problem) ? NOT_HERE : problem.message;
    }
    button.disabled = false;
  };
  return h(
    'form',
    { class: 'starter', onsubmit: start },
    h('p', { text: 'A training learns from the corrections too, and goes into service if it is good enough.' }),
    h(
      'details',
      {},
      h('summary', { text: 'What it learns' }),
      h(
        'div',
        { class: 'row' },
        begin.length > 0 && field('Begin with', select('base', 'nothing', begin.map(({ name }) => name), 'base-hint')),
        known.length > 0 && field('Recipe', select('recipe', 'as by default', known)),
        field('Images', text('data', 'cifar10, or s3://dataset/photos/')),
        field('Name of the model', text('name', 'the one in service')),
      ),
      begin.length > 0 && h('p', { class: 'small', id: 'base-hint', text: BASE_HINT }),
    ),
    button,
    wrong,
  );
}
