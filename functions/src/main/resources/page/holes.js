// The pigeonholes: all of them, and what is in one.

import { counted, labels, page } from './api.js';
import { h, nameOf, own, percent, say } from './dom.js';
import { openPhoto } from './photo.js';
import { Zip } from './zip.js';

const PEEK = 3;
const FETCHERS = 6;

/** All pigeonholes. */
export async function holesView(main) {
  const all = await labels();
  const full = all.labels.filter(({ count }) => count > 0);
  const tiles = h('ul', { class: 'holes' }, all.labels.map((hole) => tile(hole)));
  main.append(
    h('h1', { tabindex: '-1', text: 'Pigeonholes' }),
    h('p', { class: 'summary', text: summary(all, full) }),
    tiles,
  );
}

function summary(all, full) {
  const sum = full.reduce((total, { count }) => total + count, 0);
  const more = full.some((hole) => hole.more) ? 'more than ' : '';
  return sum === 0
    ? 'All empty. Sort some photos first.'
    : `${more}${sum} photos in ${full.length} of ${all.labels.length}, ${counted(all.corrected)} of them with a person’s word.`;
}

function tile(hole) {
  const inside = h('div', { class: 'inside', 'aria-hidden': 'true' });
  if (hole.count > 0) peek(hole.label, inside);
  return h(
    'li',
    {},
    h(
      'a',
      { class: 'hole', href: `#/pigeonholes/${encodeURIComponent(hole.label)}` },
      inside,
      h('span', { class: 'plate' }, own(hole.label), h('span', { class: 'badge', text: counted(hole) })),
    ),
  );
}

async function peek(label, inside) {
  try {
    const { images } = await page({ label }, '', PEEK);
    for (const { image } of images) if (image) inside.append(h('img', { src: image, alt: '', loading: 'lazy' }));
  } catch {
    // The tile stays without pictures.
  }
}

/** What is in one pigeonhole. */
export async function holeView(main, label) {
  const shown = [];
  const grid = h('ul', { class: 'photos' });
  const more = h('button', { type: 'button', class: 'plain', text: 'Show more', hidden: true });
  const only = h('input', { type: 'checkbox', id: 'only-review' });
  const none = h('p', { class: 'empty', text: 'There is nothing here.', hidden: true });
  let cursor = '';

  const visible = () => shown.filter((result) => !only.checked || result.review);
  const draw = () => {
    const results = visible();
    grid.replaceChildren(...results.map((result, at) => photo(result, () => openPhoto(results, at, changed))));
    more.hidden = !cursor;
    none.hidden = results.length > 0 || Boolean(cursor);
  };
  const changed = (next) => {
    shown[shown.findIndex(({ key }) => key === next.key)] = next;
    draw();
  };
  const load = async () => {
    more.disabled = true;
    const next = await page({ label }, cursor);
    shown.push(...next.images);
    cursor = next.nextCursor ?? '';
    more.disabled = false;
    draw();
  };
  more.onclick = load;
  only.onchange = draw;
  await load();
  main.append(
    h('p', {}, h('a', { href: '#/pigeonholes', text: '← All pigeonholes' })),
    h('h1', { tabindex: '-1' }, own(label)),
    h('div', { class: 'row tools' }, h('label', { for: 'only-review' }, only, ' Only those to review'), download(label)),
    grid,
    none,
    more,
  );
  grid.addEventListener('keydown', (event) => walk(event, grid));
}

function photo(result, open) {
  const sure = result.label === undefined ? 'none of the labels' : percent(result.confidence);
  const state = result.review ? `, ${result.reason ?? 'unsure'}, please review` : result.correction ? ', said by a person' : '';
  return h(
    'li',
    {},
    h(
      'button',
      { type: 'button', class: 'thumb', onclick: open, 'aria-label': `${nameOf(result.key)}, ${sure}${state}` },
      h('img', { src: result.image ?? '', alt: '', loading: 'lazy' }),
      result.review && h('span', { class: 'chip warn', 'aria-hidden': 'true', text: 'review' }),
      result.correction && h('span', { class: 'chip person', 'aria-hidden': 'true', text: 'person' }),
    ),
  );
}

/** Arrow keys go from photo to photo. */
function walk(event, grid) {
  const buttons = [...grid.querySelectorAll('button')];
  const at = buttons.indexOf(document.activeElement);
  if (at < 0) return;
  const columns = buttons.filter(({ offsetTop }) => offsetTop === buttons[0].offsetTop).length;
  const by = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns }[event.key];
  if (by && buttons[at + by]) {
    event.preventDefault();
    buttons[at + by].focus();
  }
}

function download(label) {
  const button = h('button', { type: 'button', class: 'plain', text: 'Download as ZIP' });
  button.onclick = async () => {
    button.disabled = true;
    try {
      const missing = await zip(label, (text) => {
        button.textContent = text;
      });
      button.textContent = missing ? `Download as ZIP (${missing} could not be read)` : 'Download as ZIP';
      say('The ZIP file is ready.');
    } catch (problem) {
      button.textContent = `Download as ZIP (${problem.message})`;
    }
    button.disabled = false;
  };
  return button;
}

/** The bytes of a photo; nothing if they cannot be read. */
async function bytesOf(url) {
  try {
    const response = await fetch(url);
    return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
  } catch {
    return null;
  }
}

async function zip(label, told) {
  const zipped = new Zip();
  let cursor = '';
  let done = 0;
  let missing = 0;
  let problem = null;
  do {
    const part = await page({ label }, cursor, 200);
    cursor = part.nextCursor ?? '';
    const rest = part.images.filter(({ image }) => image);
    const fetcher = async () => {
      for (let next = rest.shift(); next && !problem; next = rest.shift()) {
        const bytes = await bytesOf(next.image);
        if (!bytes) {
          missing++;
          continue;
        }
        try {
          zipped.add(next.key, bytes, new Date(next.labeledAt));
          told(`${++done} photos …`);
        } catch (full) {
          problem = full;
        }
      }
    };
    // all of them, so that none says anything after the problem
    await Promise.all(Array.from({ length: FETCHERS }, fetcher));
    if (problem) throw problem;
  } while (cursor);
  const url = URL.createObjectURL(zipped.blob());
  h('a', { href: url, download: `${label}.zip` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
  return missing;
}
