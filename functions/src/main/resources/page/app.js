// Which view is shown: the part of the address after the #.

import { labels } from './api.js';
import { h, trouble } from './dom.js';
import { holesView, holeView } from './holes.js';
import { modelsView } from './models.js';
import { reviewView } from './review.js';
import { canSignIn, needsSignIn, returned, signedIn, signIn, signOut } from './sign-in.js';
import { listen, sortView } from './upload.js';

const VIEWS = [
  [/^$/, sortView, 'Sort'],
  [/^pigeonholes$/, holesView, 'Pigeonholes'],
  [/^pigeonholes\/(.+)$/, holeView, 'Pigeonholes'],
  [/^review$/, reviewView, 'Review'],
  [/^models$/, modelsView, 'Models'],
];

const main = document.getElementById('main');
let shown = 0;

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function welcome(box, title) {
  box.append(
    h('h1', { tabindex: '-1', text: title }),
    h('p', { class: 'empty' }, 'This page is for people who are signed in. ', h('button', { type: 'button', text: 'Sign in', onclick: leave(signIn) })),
  );
}

/** Goes somewhere else, or says why not. */
const leave = (way) => () => way().catch((problem) => trouble(problem.message, leave(way)));

async function showWho() {
  const who = document.getElementById('who');
  who.replaceChildren();
  if (!(await canSignIn())) return;
  const [text, way] = signedIn() ? ['Sign out', signOut] : ['Sign in', signIn];
  who.replaceChildren(h('button', { type: 'button', class: 'plain', text, onclick: leave(way) }));
}

async function show({ focus = true } = {}) {
  const path = location.hash.replace(/^#\/?/, '');
  const [pattern, view, title] = VIEWS.find(([candidate]) => candidate.test(path)) ?? VIEWS[0];
  const turn = ++shown;
  for (const link of document.querySelectorAll('nav a')) {
    if (link.firstChild.textContent.trim() === title) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  document.title = `${title} · Pigeonhole`;
  document.querySelectorAll('dialog').forEach((dialog) => dialog.close());
  const box = h('div', { class: 'view' });
  const wait = setTimeout(() => turn === shown && main.replaceChildren(h('p', { class: 'empty working', text: 'One moment' })), 300);
  try {
    if (await needsSignIn('read')) welcome(box, title);
    else await view(box, ...path.match(pattern).slice(1).map(decoded));
    trouble('');
  } catch (problem) {
    // the token has ended, and there is no other
    if (problem.status === 401 && (await needsSignIn('read'))) return show({ focus });
    if (turn === shown) trouble(problem.message, () => show());
    box.replaceChildren(h('h1', { tabindex: '-1', text: title }), h('p', { class: 'empty', text: 'This could not be loaded.' }));
  }
  clearTimeout(wait);
  if (turn !== shown) return;
  main.replaceChildren(box);
  if (focus) box.querySelector('h1')?.focus();
}

listen(() => {
  if (location.hash.replace(/^#\/?/, '') !== '') location.hash = '#/';
});
addEventListener('hashchange', () => location.hash === '#main' || show());
addEventListener('signed-out', () => {
  showWho();
  show();
});

async function start() {
  let wrong = '';
  try {
    await returned();
  } catch (problem) {
    wrong = problem.message;
  }
  showWho();
  await show({ focus: false });
  if (wrong) trouble(wrong, leave(signIn));
  if (!(await needsSignIn('read'))) labels().catch(() => {});
}
start();
