// The API, as /openapi.json describes it.

import { canSignIn, signedIn, token } from './sign-in.js';

const BASE = new URL('.', document.baseURI);
const PATIENCE = 35_000;
const TRIES = 3;
const TRIES_IN_A_CROWD = 10;

/** What the API says is wrong, or that it says nothing. */
export class Problem extends Error {
  constructor(status, detail, code = '', after = 0) {
    super(detail);
    this.status = status;
    this.code = code;
    this.after = after;
  }

  /** Whether the same request may succeed in a moment. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status === 503;
  }
}

export const sleep = (millis) => new Promise((done) => setTimeout(done, millis));

export const keyPath = (key) => `images/${key.split('/').map(encodeURIComponent).join('/')}`;

async function once(method, path, { json, body, accept } = {}) {
  const headers = { Accept: accept ?? 'application/json' };
  if (json !== undefined) headers['Content-Type'] = 'application/json';
  let response;
  try {
    const send = (bearer) =>
      fetch(new URL(path, BASE), {
        method,
        headers: bearer ? { ...headers, Authorization: `Bearer ${bearer}` } : headers,
        body: json === undefined ? body : JSON.stringify(json),
        signal: AbortSignal.timeout(PATIENCE),
      });
    const bearer = await token();
    response = await send(bearer);
    if (response.status === 401 && bearer) response = await send(await token(bearer));
  } catch {
    throw new Problem(0, 'The API does not answer.');
  }
  if (response.ok) return accept ? response.blob() : response.json();
  const problem = await response.json().catch(() => ({}));
  const after = Number(response.headers.get('Retry-After') ?? 0);
  const detail = problem.detail ?? (await refusal(response.status)) ?? problem.message ?? `The API answers ${response.status}.`;
  throw new Problem(response.status, detail, problem.code, after);
}

/** What API Gateway means where it says nothing but "Unauthorized" or "Forbidden". */
async function refusal(status) {
  if (status !== 401 && status !== 403) return undefined;
  if (signedIn()) return 'You are signed in, but may not do this. Whoever runs this page can let you.';
  return (await canSignIn()) ? 'Please sign in to do this.' : 'This page is open to look and to classify only.';
}

/** Asks, and asks again when that may help: every request may be repeated. */
export async function ask(method, path, options) {
  for (let tried = 1; ; tried++) {
    try {
      return await once(method, path, options);
    } catch (problem) {
      if (!problem.passing || tried === (problem.status === 429 ? TRIES_IN_A_CROWD : TRIES)) throw problem;
      await sleep(1000 * Math.max(problem.after, tried * 0.5) * (1 + Math.random() / 2));
    }
  }
}

export const result = (key) => ask('GET', keyPath(key));
/** What a person says: a label, or nothing for none of the labels. */
export const correct = (key, label) => ask('PUT', `${keyPath(key)}/label`, { json: label ? { label } : { none: true } });
export const heatMap = (key) => ask('POST', 'classify?explain=true', { json: { key }, accept: 'image/png' });
/** What a file shows, without keeping it. */
export const classify = (file) => ask('POST', 'classify', { body: file });
export const report = (version) => ask('GET', reportPath(version), { accept: 'text/html' });
export const models = () => ask('GET', 'models');
export const promote = (version, force) => ask('POST', `models/${encodeURIComponent(version)}/promote`, { json: { force } });
const reportPath = (version) => `models/${encodeURIComponent(version)}/report`;
export const reportUrl = (version) => new URL(reportPath(version), BASE).href;
export const trainings = () => once('GET', 'trainings');
export const bases = () => ask('GET', 'bases');
export const train = (json) => once('POST', 'trainings', { json });

/** What may be trained, as the API describes it. */
export async function recipes() {
  const { components } = await ask('GET', 'openapi.json');
  return components.schemas.TrainingRequest?.properties.recipe.enum ?? [];
}

/** A page of a list: a label's, or 'review', or 'corrections'. */
export function page(list, cursor = '', limit = 50) {
  const path = list.label === undefined ? list.path : `labels/${encodeURIComponent(list.label)}`;
  return ask('GET', `${path}?limit=${limit}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`);
}

/** All pigeonholes; the labels go into the list that inputs suggest from. */
export async function labels() {
  const all = { labels: [] };
  let cursor = '';
  do {
    const part = await ask('GET', `labels?limit=100${cursor && `&cursor=${cursor}`}`);
    all.labels.push(...part.labels);
    all.review = part.review;
    all.corrected = part.corrected;
    cursor = part.nextCursor ?? '';
  } while (cursor);
  suggest(all.labels.map(({ label }) => label));
  const badge = document.getElementById('review-count');
  badge.hidden = all.review.count === 0;
  badge.textContent = counted(all.review);
  return all;
}

export const counted = ({ count, more }) => `${count}${more ? '+' : ''}`;

function suggest(names) {
  const options = names.map((name) => Object.assign(document.createElement('option'), { value: name }));
  document.getElementById('labels').replaceChildren(...options);
}

/** Puts a file into the bucket. Tells the share that is sent; resolves to the key. */
export async function upload(file, told) {
  const place = await ask('POST', 'uploads', { json: { name: file.name || 'pasted', size: file.size, type: file.type } });
  for (let tried = 1; ; tried++) {
    try {
      await send(place, file, told);
      return place.key;
    } catch (problem) {
      if (tried === TRIES) throw problem;
      await sleep(700 * tried);
    }
  }
}

function send({ method, url, headers }, file, told) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => event.lengthComputable && told(event.loaded / event.total);
    // 412: it has arrived before, and nobody heard of it
    request.onload = () =>
      request.status < 300 || request.status === 412 ? done() : failed(new Problem(request.status, `The bucket answers ${request.status}.`));
    request.onerror = () => failed(new Problem(0, 'The bucket does not answer.'));
    request.send(file);
  });
}
