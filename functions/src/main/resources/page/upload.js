// Photos on their way: dropped, chosen or pasted; sent; labeled.

import { classify, labels, Problem, result, sleep, upload } from './api.js';
import { bars, h, nameOf, own, say, trouble, verdict } from './dom.js';
import { correction, explained } from './photo.js';
import { needsSignIn } from './sign-in.js';

const SENDERS = 4;
const ASKERS = 4;
const PATIENCE = 120_000;
const MAX_BYTES = 50 * 2 ** 20;
const RECENT = 'pigeonhole.recent';
const KEPT = 24;

const items = [];
const toSend = [];
const toAsk = [];
let sending = 0;
let asking = 0;
let list;
let summary;

/** The keys of the last photos, so that a reload shows them again. */
const recent = {
  read() {
    try {
      const keys = JSON.parse(localStorage.getItem(RECENT) ?? '[]');
      return Array.isArray(keys) ? keys.filter((key) => typeof key === 'string').slice(0, KEPT) : [];
    } catch {
      return [];
    }
  },
  add(key) {
    try {
      localStorage.setItem(RECENT, JSON.stringify([key, ...this.read().filter((known) => known !== key)].slice(0, KEPT)));
    } catch {
      // Without storage, a reload begins afresh.
    }
  },
};

/** Small pictures of large files, made when they come into view, so that 500 photos fit in memory. */
const inView = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      inView.unobserve(target);
      preview(target).catch(() => target.classList.add('unseeable'));
    }
  },
  { rootMargin: '300px' },
);
const files = new WeakMap();

async function preview(picture) {
  const whole = await createImageBitmap(files.get(picture), { resizeWidth: 256, resizeQuality: 'medium' });
  const canvas = new OffscreenCanvas(whole.width, whole.height);
  canvas.getContext('2d').drawImage(whole, 0, 0);
  whole.close();
  picture.src = URL.createObjectURL(await canvas.convertToBlob({ type: 'image/webp', quality: 0.8 }));
}

class Item {
  constructor(name, file, key = '') {
    this.name = name;
    this.file = file;
    this.key = key;
    this.state = key ? 'asking' : 'waiting';
    this.picture = h('img', { alt: '', width: 96, height: 96 });
    this.card = h('li', { class: 'card' });
    if (file) {
      files.set(this.picture, file);
      inView.observe(this.picture);
    }
    this.show();
  }

  to(state, more = {}) {
    Object.assign(this, more, { state });
    this.show();
    count();
  }

  show() {
    const body = h('div', { class: 'body' }, h('h2', { title: this.name }, own(this.name)), ...this.parts());
    this.card.replaceChildren(h('div', { class: 'thumb' }, this.picture), body);
    this.card.dataset.state = this.state;
  }

  parts() {
    switch (this.state) {
      case 'waiting':
        return [h('p', { class: 'small', text: 'waits' })];
      case 'sending':
        this.progress = h('progress', { max: 1, value: 0, 'aria-label': `Sending ${this.name}` });
        return [this.progress];
      case 'asking':
        return [h('p', { class: 'small working', text: 'is being labeled' })];
      case 'failed':
        return [
          h('p', { class: 'wrong', text: this.reason }),
          h('button', { type: 'button', class: 'plain', onclick: () => this.again() }, 'Try again', h('span', { class: 'unseen', text: `: ${this.name}` })),
        ];
      default:
        return this.labeled();
    }
  }

  labeled() {
    if (this.result.error) return [verdict(this.result)];
    if (this.result.image && !this.file && !this.picture.src) this.picture.src = this.result.image;
    if (!this.key) return [verdict(this.result), bars(this.result.predictions)];
    const open = h('details', {}, h('summary', { text: 'Correct' }));
    open.addEventListener('toggle', () => {
      if (open.open && open.children.length === 1) {
        open.append(correction(this.result, (next) => {
          this.to('done', { result: next });
          refreshCounts();
        }));
      }
    });
    return [verdict(this.result), bars(this.result.predictions), h('div', { class: 'row' }, explained(this.result, this.picture), open)];
  }

  again() {
    if (this.key) {
      toAsk.push(this);
      this.to('asking', { since: Date.now() });
    } else {
      toSend.push(this);
      this.to('waiting');
    }
    work();
  }
}

let counting = false;
function refreshCounts() {
  if (counting) return;
  counting = true;
  setTimeout(() => {
    counting = false;
    labels().catch(() => {});
  }, 1500);
}

/** Sends and asks as much at a time as does good. */
function work() {
  while (sending < SENDERS && toSend.length) {
    sending++;
    send(toSend.shift()).finally(() => {
      sending--;
      work();
    });
  }
  while (asking < ASKERS && toAsk.length) {
    asking++;
    poll(toAsk.shift()).finally(() => {
      asking--;
      work();
    });
  }
}

async function send(item) {
  item.to('sending');
  try {
    if (await needsSignIn('write')) {
      // it is only looked at
      item.to('done', { result: await classify(item.file) });
      return;
    }
    const key = await upload(item.file, (share) => {
      item.progress.value = share;
    });
    recent.add(key);
    item.to('asking', { key, since: Date.now() });
    toAsk.push(item);
    trouble('');
  } catch (problem) {
    fail(item, problem);
  }
}

async function poll(item) {
  item.since ??= Date.now();
  try {
    const found = await result(item.key);
    item.to('done', { result: found });
    trouble('');
    refreshCounts();
  } catch (problem) {
    if (problem.status === 404 && Date.now() - item.since < PATIENCE) {
      await sleep(toAsk.length > ASKERS ? 60 : 250);
      toAsk.push(item);
    } else {
      fail(item, problem.status === 404 ? new Problem(404, 'It has no label yet.') : problem);
    }
  }
}

function fail(item, problem) {
  item.to('failed', { reason: problem.message });
  if (problem.status === 0) trouble(`${problem.message} Is it running?`, tryAllAgain);
}

function tryAllAgain() {
  trouble('');
  items.filter(({ state }) => state === 'failed').forEach((item) => item.again());
}

/** Takes files in; whatever cannot be an image is said so at once. */
export function take(dropped) {
  const added = [...dropped].map((file) => {
    const item = new Item(file.name || 'pasted image', file);
    items.unshift(item);
    if (file.type && !file.type.startsWith('image/')) {
      item.to('failed', { reason: 'This is not an image.' });
    } else if (file.size > MAX_BYTES) {
      item.to('failed', { reason: 'This is larger than 50 MB.' });
    } else if (file.size === 0) {
      item.to('failed', { reason: 'This file is empty.' });
    } else {
      toSend.push(item);
    }
    return item;
  });
  if (!added.length) return;
  list?.prepend(...added.map(({ card }) => card).reverse());
  say(`${added.length} ${added.length === 1 ? 'photo' : 'photos'} added.`);
  count();
  work();
}

let announced = '';
function count() {
  if (!summary) return;
  const of = (...states) => items.filter(({ state }) => states.includes(state)).length;
  const done = of('done');
  const failed = of('failed');
  const review = items.filter((item) => item.result?.review).length;
  const parts = [`${done} of ${items.length} labeled`];
  const unknown = items.filter((item) => item.result?.reason === 'unknown').length;
  if (review) parts.push(`${review} to review${unknown ? ` (${unknown} unknown)` : ''}`);
  if (failed) parts.push(`${failed} failed`);
  summary.textContent = items.length ? parts.join(', ') : '';
  if (done + failed === items.length && announced !== summary.textContent) {
    announced = summary.textContent;
    say(announced);
  }
}

async function remember() {
  for (const key of recent.read()) {
    if (items.some((item) => item.key === key)) continue;
    const item = new Item(nameOf(key), null, key);
    items.push(item);
    list.append(item.card);
    toAsk.push(item);
  }
  work();
}

/** The view. */
export async function sortView(main) {
  const kept = !(await needsSignIn('write'));
  const input = h('input', { type: 'file', id: 'files', class: 'unseen', multiple: true, accept: 'image/*' });
  input.onchange = () => {
    take(input.files);
    input.value = '';
  };
  list = h('ul', { class: 'cards', 'aria-label': 'Photos' }, items.map(({ card }) => card));
  summary = h('p', { class: 'summary' });
  main.append(
    h('h1', { tabindex: '-1', text: 'Sort photos' }),
    h(
      'div',
      { class: 'drop' },
      input,
      h('label', { for: 'files', class: 'button', text: 'Choose photos' }),
      h('p', { text: `or drop them anywhere on this page, or paste them. ${kept ? 'They go into the bucket, and each gets its label.' : 'Each gets its label, and nothing is kept: that is for people who are signed in.'}` }),
    ),
    summary,
    list,
  );
  count();
  remember();
}

/** Dropping and pasting work on the whole page. */
export function listen(show) {
  const root = document.documentElement;
  addEventListener('dragover', (event) => {
    event.preventDefault();
    root.classList.add('dragging');
  });
  addEventListener('dragleave', (event) => event.relatedTarget === null && root.classList.remove('dragging'));
  addEventListener('drop', async (event) => {
    event.preventDefault();
    root.classList.remove('dragging');
    const found = await unfolded(event.dataTransfer);
    if (found.length) {
      show();
      take(found);
    }
  });
  addEventListener('paste', (event) => {
    if (event.clipboardData?.files.length) {
      show();
      take(event.clipboardData.files);
    }
  });
}

/** The files of folders too. */
async function unfolded(data) {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return [...data.files];
  const found = [];
  const walk = async (entry) => {
    if (entry.isFile) {
      found.push(await new Promise((done, failed) => entry.file(done, failed)));
      return;
    }
    const reader = entry.createReader();
    for (;;) {
      const part = await new Promise((done, failed) => reader.readEntries(done, failed));
      if (!part.length) return;
      for (const child of part) await walk(child);
    }
  };
  for (const entry of entries) await walk(entry);
  return found.filter(({ name }) => !name.startsWith('.'));
}
