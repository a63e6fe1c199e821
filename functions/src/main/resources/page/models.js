// The versions of the model: how good they are, which is in service, and how to get a better one.

import { models, promote, report, reportUrl } from './api.js';
import { h, percent, say, when } from './dom.js';
import { needsSignIn, signedIn } from './sign-in.js';
import { trainingsPanel } from './training.js';

/** All versions, and trainings. */
export async function modelsView(main) {
  const overview = h('div', { class: 'view' });
  const show = async () => {
    const [all, closed] = await Promise.all([models(), needsSignIn('admin')]);
    const current = all.versions.find(({ inService }) => inService);
    overview.replaceChildren(
      current ? service(current) : h('p', { class: 'empty', text: 'No model is in service.' }),
      h('h2', { text: 'Versions' }),
      versions(all, current, closed),
    );
  };
  await show();
  const ended = () => show().catch(() => {});
  main.append(h('h1', { tabindex: '-1', text: 'Models' }), overview, trainingsPanel(ended));
}

function service(model) {
  const { metrics, calibration } = model;
  const fact = (name, value, more) => h('div', { class: 'fact' }, h('dt', { text: name }), h('dd', {}, value, h('span', { class: 'small', text: more })));
  return h(
    'section',
    { class: 'panel' },
    h('h2', { text: 'In service' }),
    h('p', { class: 'small', text: `${model.version}, recipe ${model.training.recipe}, ${model.training.dataset}` }),
    h(
      'dl',
      { class: 'facts' },
      fact('Accuracy', percent(metrics.accuracy), 'of the test images are labeled right'),
      fact('Sure', percent(calibration.coverage), sure(calibration)),
      fact('Calibration error', percent(metrics.expectedCalibrationError), 'between what it says and what is so'),
    ),
    metrics.perClass.length > 0 && perClass(metrics.perClass),
  );
}

function sure({ coverage, targetPrecision }) {
  const right = percent(targetPrecision);
  return coverage > 0 ? `of them need no person; ${right} of these are right` : `of them: no threshold has ${right} right, so a person looks at each`;
}

function perClass(classes) {
  return h(
    'details',
    {},
    h('summary', { text: 'Class by class' }),
    h(
      'div',
      { class: 'wide', tabindex: '0', role: 'region', 'aria-label': 'Class by class' },
      h(
        'table',
        {},
        h('thead', {}, h('tr', {}, ['Class', 'Precision', 'Recall', 'F1', 'Images'].map((text) => h('th', { scope: 'col', text })))),
        h(
          'tbody',
          {},
          classes.map((c) =>
            h('tr', {}, h('th', { scope: 'row', text: c.label }), [percent(c.precision), percent(c.recall), percent(c.f1), c.samples].map((text) => h('td', { text }))),
          ),
        ),
      ),
    ),
  );
}

function versions(all, current, closed) {
  const row = (model) =>
    h(
      'tr',
      { 'data-version': model.version },
      h('th', { scope: 'row' }, when(model.createdAt), h('span', { class: 'small', text: model.version })),
      h('td', { text: percent(model.metrics.accuracy) }),
      h('td', { text: percent(model.calibration.coverage) }),
      h('td', { text: model.training.recipe }),
      h('td', {}, closed ? inService(model) : action(model, current), !closed && model.report && reportOf(model)),
    );
  const columns = ['Trained', 'Accuracy', 'Sure', 'Recipe', ''];
  return h(
    'div',
    { class: 'wide', tabindex: '0', role: 'region', 'aria-label': 'Versions' },
    h(
      'table',
      {},
      h('thead', {}, h('tr', {}, columns.map((text) => (text ? h('th', { scope: 'col', text }) : h('td', {}))))),
      h('tbody', {}, all.versions.map(row)),
    ),
  );
}

/** A link; with a token, which no link has, a file to keep. */
function reportOf({ version }) {
  if (!signedIn()) return h('a', { href: reportUrl(version), target: '_blank', rel: 'noopener', text: 'Report' });
  const wrong = h('p', { class: 'wrong', role: 'alert' });
  const save = async () => {
    wrong.textContent = '';
    try {
      const href = URL.createObjectURL(await report(version));
      h('a', { href, download: `report-${version}.html` }).click();
      setTimeout(() => URL.revokeObjectURL(href), 60_000);
    } catch (problem) {
      wrong.textContent = problem.message;
    }
  };
  return h('div', {}, h('button', { type: 'button', class: 'plain', text: 'Report', onclick: save }), wrong);
}

const inService = (model) => model.inService && h('span', { class: 'chip person', text: 'in service' });

function action(model, current) {
  if (model.inService) return inService(model);
  const older = current && model.version < current.version;
  const text = older ? 'Roll back to this' : 'Put into service';
  const button = h('button', { type: 'button', class: 'plain' }, text, h('span', { class: 'unseen', text: ` ${model.version}` }));
  const wrong = h('p', { class: 'wrong', role: 'alert' });
  let force = false;
  button.onclick = async () => {
    button.disabled = true;
    wrong.textContent = '';
    try {
      await promote(model.version, force);
      say(`${model.version} is in service.`);
      dispatchEvent(new HashChangeEvent('hashchange'));
    } catch (problem) {
      wrong.textContent = problem.message;
      button.disabled = false;
      if (problem.code === 'refused') {
        force = true;
        button.firstChild.textContent = 'Do it all the same';
      }
    }
  };
  return h('div', {}, button, wrong);
}
