// Elements from text and attributes only: nothing here can turn a file name into markup.

/** Makes an element. Attributes that begin with "on" are listeners; false and null are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'text') element.textContent = value;
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** Text that may be of any script and direction, kept from mixing with what is around it. */
export const own = (text) => h('bdi', { text });

/** With a decimal where it tells something: between 90 and 99.5. */
export function percent(share) {
  if (share > 0 && share < 0.005) return '<1 %';
  return `${(100 * share).toFixed(share > 0.9 && share < 0.995 ? 1 : 0)} %`;
}

/** A time, as people here write it. */
export const when = (time) => new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** The last part of a key, which is what people called the file. */
export const nameOf = (key) => key.slice(key.lastIndexOf('/') + 1) || key;

/** Tells people who listen rather than look. */
export function say(text) {
  const said = document.getElementById('said');
  said.textContent = said.textContent === text ? `${text} ` : text;
}

/** Shows what is wrong at the top of the page, until it is cleared with an empty text. */
export function trouble(text, retry) {
  const box = document.getElementById('trouble');
  box.replaceChildren();
  box.hidden = !text;
  if (text) box.append(h('p', { text }));
  if (text && retry) box.append(h('button', { type: 'button', text: 'Try again', onclick: retry }));
}

/** The likeliest labels as bars. */
export function bars(predictions, count = 3) {
  return h(
    'ol',
    { class: 'bars', 'aria-label': 'The model’s predictions' },
    predictions.slice(0, count).map(({ label, confidence }) => {
      const fill = h('span', { class: 'fill', 'aria-hidden': 'true' });
      fill.style.width = `${Math.round(100 * confidence)}%`;
      return h('li', {}, fill, h('span', { class: 'what' }, own(label)), h('span', { class: 'share', text: percent(confidence) }));
    }),
  );
}

/** What a person said that a photo is. */
export const said = ({ key, label }) => `${nameOf(key)} is ${label ?? 'none of the labels'}.`;

/** A chip that says why a person should look. */
export const reasonOf = (result) => h('span', { class: 'chip warn', text: result.reason === 'unknown' ? 'unknown' : 'unsure' });

/** Chips that say whose label it is, and how sure. */
export function verdict(result) {
  if (result.error) {
    return h('p', { class: 'verdict' }, h('span', { class: 'chip bad', text: result.error.code }), h('span', { class: 'small', text: result.error.message }));
  }
  if (result.reason === 'unknown') {
    return h('p', { class: 'verdict' }, reasonOf(result), h('span', { class: 'small' }, 'like nothing that the model learned; perhaps ', own(result.label)));
  }
  return h(
    'p',
    { class: 'verdict' },
    h('strong', { class: 'label' }, result.label === undefined ? 'none of the labels' : own(result.label)),
    result.correction
      ? h('span', { class: 'chip person', text: 'said by a person' })
      : result.review
        ? [reasonOf(result), h('span', { class: 'small', text: 'please review' })]
        : h('span', { class: 'share', text: percent(result.confidence) }),
  );
}
