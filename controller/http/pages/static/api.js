// One call to the API: what it sends, how it repeats, and what it gives back.

const TRIES = 3;
const WAIT_MS = 700;

// A random UUID. `crypto.randomUUID` is missing on plain http, where a centre's own network often is.
export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function once(method, path, body, headers) {
  const content = body === undefined ? {} : { "Content-Type": "application/json" };
  const answer = await fetch(path, {
    method,
    credentials: "same-origin",
    headers: { "Accept-Language": document.documentElement.lang, ...content, ...headers },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await answer.text();
  return { ok: answer.ok, status: answer.status, body: text ? JSON.parse(text) : null };
}

// Repeats with the same key while the server does not answer or says try_again; the work is done once.
export async function call(method, path, body, csrf) {
  const headers = { "Idempotency-Key": newKey() };
  if (csrf) headers["X-CSRF-Token"] = csrf;
  let answer = { ok: false, status: 0, body: null };
  for (let tried = 0; tried < TRIES; tried += 1) {
    if (tried > 0) await pause(WAIT_MS * tried);
    try {
      answer = await once(method, path, body, headers);
    } catch {
      answer = { ok: false, status: 0, body: null };
    }
    if (answer.status !== 0 && answer.status !== 503) break;
  }
  return answer;
}
