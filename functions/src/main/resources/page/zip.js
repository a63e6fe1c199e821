// A ZIP file, stored without compression: photos are compressed already. No ZIP64.

const TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
  return c >>> 0;
});

const MAX_BYTES = 0xffffffff;
const MAX_FILES = 0xffff;
const UTF8_NAMES = 0x800;
const VERSION = 20;

function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = TABLE[(crc ^ byte) & 0xff] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

function header(signature, ...fields) {
  const size = fields.reduce((sum, [bytes]) => sum + bytes, 4);
  const view = new DataView(new ArrayBuffer(size));
  view.setUint32(0, signature, true);
  let at = 4;
  for (const [bytes, value] of fields) {
    if (bytes === 2) view.setUint16(at, value, true);
    else view.setUint32(at, value, true);
    at += bytes;
  }
  return view.buffer;
}

/** A name that stays inside the folder that it is unpacked into, and differs from the others. */
function safe(name, taken) {
  const parts = name.split(/[/\\]+/).map((part) => part.replace(/[\p{C}:*?"<>|]/gu, '_')).filter((part) => part && !/^\.+$/.test(part));
  const whole = parts.join('/') || 'image';
  let unique = whole;
  for (let n = 2; taken.has(unique.toLowerCase()); n++) unique = whole.replace(/(\.[^./]*)?$/, ` (${n})$1`);
  taken.add(unique.toLowerCase());
  return unique;
}

export class Zip {
  #parts = [];
  #directory = [];
  #taken = new Set();
  #size = 0;

  add(name, bytes, date = new Date()) {
    const encoded = new TextEncoder().encode(safe(name, this.#taken));
    const crc = crc32(bytes);
    const day = ((date.getFullYear() - 1980) << 9) | ((date.getMonth() + 1) << 5) | date.getDate();
    const time = (date.getHours() << 11) | (date.getMinutes() << 5) | (date.getSeconds() >> 1);
    const common = [[2, VERSION], [2, UTF8_NAMES], [2, 0], [2, time], [2, day], [4, crc], [4, bytes.length], [4, bytes.length], [2, encoded.length], [2, 0]];
    const offset = this.#size;
    const start = header(0x04034b50, ...common);
    const end = offset + start.byteLength + encoded.length + bytes.length;
    if (end > MAX_BYTES || this.#directory.length >= 2 * MAX_FILES) throw new Error('This is too much for one ZIP file.');
    this.#push(start, encoded, bytes);
    this.#directory.push(header(0x02014b50, [2, VERSION], ...common, [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]), encoded);
  }

  blob() {
    const files = this.#directory.length / 2;
    const start = this.#size;
    for (const part of this.#directory) this.#push(part);
    const end = header(0x06054b50, [2, 0], [2, 0], [2, files], [2, files], [4, this.#size - start], [4, start], [2, 0]);
    return new Blob([...this.#parts, end], { type: 'application/zip' });
  }

  #push(...parts) {
    for (const part of parts) {
      this.#parts.push(part);
      this.#size += part.byteLength;
    }
  }
}
