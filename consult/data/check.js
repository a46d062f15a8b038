// Checks records, ledgers, receipts and lists of keys of this service, without any connection.
// What it says must be what `consult verify` says; it counts nothing, for there is one tally.
"use strict";
(() => {
const words = JSON.parse(document.getElementById("words").textContent);
const RECORD = "consult-record/1", ROUND = "consult-round/1", LEDGER = "consult-ledger/1",
  RECEIPT = "consult-receipt/1", COMMENTS = "consult-comments/1", KEYS = "consult-keys/1", COUNTERSIGNATURE = "consult-countersignature/1";
const RESTORED = "reply-restored";
const REPLIES = ["reply", "late-reply", "reply-on-behalf", RESTORED];
const COMMENTED = ["comment", "comment-on-behalf"];
const KEY_NAMES = ["kid", "public_key", "valid_from", "valid_to", "revoked_at", "reason",
  "previous", "revokes_from", "signatures"];
const STATED = ["kid", "public_key", "valid_from", "reason", "previous", "revokes_from"];
const CHECKPOINT = ["ledger", "number", "head", "at", "kid", "signature"];
const REPEATED = ["member", "reply", "version", "answered", "choices", "received_at"];
const REPEATED_OF_COMMENTS = ["member", "comment", "version", "late", "remarks", "received_at"];
// What is wrong is said by the name of its sentence: the words stand in the page, in its language.
const UNSIGNED = "unsigned";
const say = (name, values = {}) => ({ name, values });
const spoken = (said) => typeof said === "string" ? say(said) : said;
const exactly = (names) => say("exactly", { names: [...names].sort().join(", ") });
const twiceNamed = (name) => say("twice", { name });
const MOST = 100, DEEPEST = 32;
const encode = (text) => new TextEncoder().encode(text);

// --- JSON, strictly: names that stand twice are noticed, numbers are whole ---

class Unreadable extends Error {}
class Misfit { constructor(what) { this.what = what; } }

function parse(text) {
  const doubled = new Map();
  let at = 0;
  const refuse = () => { throw new Unreadable("not-json"); };
  const skip = () => { while (" \t\n\r".includes(text[at]) && at < text.length) at++; };
  const sticky = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at += found[0].length;
    return found && found[0];
  };
  const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
  const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?/y;
  const WORD = /true|false|null|NaN|-?Infinity/y;

  function value(depth) {
    if (depth > 500) throw new Unreadable("deep");
    skip();
    if (text[at] === "{") return object(depth);
    if (text[at] === "[") return list(depth);
    if (text[at] === '"') return JSON.parse(sticky(STRING) ?? refuse());
    const word = sticky(WORD);
    if (word) return { true: true, false: false, null: null }[word] ?? (word === "null" ? null :
      new Misfit("float"));
    const digits = sticky(NUMBER) ?? refuse();
    if (!/^-?[0-9]+$/.test(digits)) return new Misfit("float");
    return Number.isSafeInteger(+digits) ? +digits : new Misfit("range");
  }
  function object(depth) {
    const made = Object.create(null);
    at++; skip();
    if (text[at] === "}") { at++; return made; }
    for (;;) {
      skip();
      const name = JSON.parse(sticky(STRING) ?? refuse());
      skip();
      if (text[at++] !== ":") refuse();
      if (name in made && !doubled.has(made)) doubled.set(made, name);
      made[name] = value(depth + 1);
      skip();
      const next = text[at++];
      if (next === "}") return made;
      if (next !== ",") refuse();
    }
  }
  function list(depth) {
    const made = [];
    at++; skip();
    if (text[at] === "]") { at++; return made; }
    for (;;) {
      made.push(value(depth + 1));
      skip();
      const next = text[at++];
      if (next === "]") return made;
      if (next !== ",") refuse();
    }
  }
  const whole = value(0);
  skip();
  if (at !== text.length) refuse();
  if (!isObject(whole)) throw new Unreadable("not-object");
  return { value: whole, doubled };
}

function read(bytes) {
  try {
    return parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    if (error instanceof TypeError) throw new Unreadable("not-utf-8");
    throw error;
  }
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value) &&
    !(value instanceof Misfit);
}

function twiceWithin(file, value) {
  if (!file.doubled.size) return null;
  const waiting = [value];
  while (waiting.length) {
    const each = waiting.pop();
    if (Array.isArray(each)) waiting.push(...each);
    else if (isObject(each)) {
      if (file.doubled.has(each)) return file.doubled.get(each);
      waiting.push(...Object.values(each));
    }
  }
  return null;
}

// --- one spelling for every value that is hashed ---

function misfit(value, depth = DEEPEST) {
  if (value instanceof Misfit) return ["", value.what];
  if (typeof value === "string") {
    if (value.includes("\r")) return ["", "return"];
    if (value.includes("\0")) return ["", "nul"];
    return value.isWellFormed && !value.isWellFormed() ? ["", "surrogate"] : null;
  }
  if (typeof value !== "object" || value === null) return null;
  if (!depth) return ["", "deep"];
  const inside = Array.isArray(value) ? value.map((each, n) => [`[${n}]`, each])
    : Object.entries(value).map(([name, each]) => [`.${name}`, each]);
  for (const [place, each] of inside) {
    if (!Array.isArray(value) && !/^\.[A-Za-z0-9._-]+$/.test(place))
      return ["", say("name", { name: place.slice(1) })];
    const found = misfit(each, depth - 1);
    if (found) return [place + found[0], found[1]];
  }
  return null;
}

function spelled(value) {
  if (Array.isArray(value)) return `[${value.map(spelled).join(",")}]`;
  if (isObject(value)) {
    const names = Object.keys(value).sort();
    return `{${names.map((name) => `${JSON.stringify(name)}:${spelled(value[name])}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

const without = (value, name) => {
  const made = Object.create(null);
  for (const each of Object.keys(value)) if (each !== name) made[each] = value[each];
  return made;
};
const only = (value, names) => Object.fromEntries(names.map((name) => [name, value[name]]));
const same = (one, other) => spelled(one) === spelled(other);

// --- hashes and signatures ---

const bytesOf = (hex) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => parseInt(pair, 16));
const hexOf = (bytes) => Array.from(new Uint8Array(bytes), (b) => b.toString(16).padStart(2, "0")).join("");

async function sha256(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return hexOf(await crypto.subtle.digest("SHA-256", whole));
}

const fingerprintOf = (key) => sha256(bytesOf(key));

async function hasSigned(key, signature, prefix, value) {
  if (!SIGNATURE.test(signature)) return false;
  try {
    const made = await crypto.subtle.importKey("raw", bytesOf(key), "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", made, bytesOf(signature), encode(prefix + spelled(value)));
  } catch { return false; }
}

// --- what values look like ---

const text = (pattern) => ({ test: (value) => typeof value === "string" && pattern.test(value) });
const HASH = text(/^[0-9a-f]{64}$/), KID = text(/^[0-9a-f]{16}$/), NONCE = text(/^[0-9a-f]{32}$/),
  SIGNATURE = text(/^[0-9a-f]{128}$/), ACTOR = text(/^(system|person:[A-Za-z0-9._-]{1,100})$/),
  UUID = text(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
const INSTANT = { test: (value) => typeof value === "string" &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(value) &&
  !Number.isNaN(Date.parse(value.slice(0, 23) + "Z")) &&
  new Date(value.slice(0, 23) + "Z").toISOString().slice(0, 23) === value.slice(0, 23) };
const isNumber = (value) => Number.isSafeInteger(value) && value >= 0;
const named = (value, names) => isObject(value) && Object.keys(value).length === names.length &&
  names.every((name) => name in value);
const orNull = (shape, value) => value === null || shape.test(value);

class Findings {
  constructor(kind) { this.kind = kind; this.faults = []; this.facts = {}; }
  fault(where, what) { this.faults.push({ where, ...spoken(what) }); }
  get holds() { return !this.faults.length; }
}

// --- keys ---

async function keyFault(key, last) {
  if (!named(key, KEY_NAMES)) return ["", exactly(KEY_NAMES)];
  const shaped = KID.test(key.kid) && HASH.test(key.public_key) && INSTANT.test(key.valid_from) &&
    orNull(INSTANT, key.valid_to) && orNull(INSTANT, key.revoked_at) && orNull(KID, key.previous) &&
    orNull(INSTANT, key.revokes_from) && isObject(key.signatures) &&
    ["first", "planned", "compromised"].includes(key.reason);
  if (!shaped) return ["", "shape"];
  if (key.kid !== (await fingerprintOf(key.public_key)).slice(0, 16)) return [".kid", "public-key"];
  if (key.previous !== (last ? last.kid : null)) return [".previous", "previous"];
  if ((key.reason === "first") !== !last) return [".reason", "key-place"];
  if ((key.reason === "compromised") !== (key.revokes_from !== null)) return [".revokes_from", "key-reason"];
  if (last && key.valid_from < last.valid_from) return [".valid_from", "key-order"];
  const signers = last ? [key, last] : [key];
  if (!named(key.signatures, signers.map((each) => each.kid)))
    return [".signatures", "key-signers"];
  for (const each of signers)
    if (!await hasSigned(each.public_key, key.signatures[each.kid], "consult/key/1\n", only(key, STATED)))
      return [`.signatures.${each.kid}`, "key-signature"];
  return null;
}

async function believed(findings, keys, fingerprint) {
  if (!fingerprint) return new Set(keys.map((key) => key.kid));
  for (const [place, key] of keys.entries()) {
    if (!(await fingerprintOf(key.public_key)).startsWith(fingerprint)) continue;
    const later = keys.slice(place + 1);
    const broken = later.findIndex((each) => each.reason === "compromised");
    const trusted = [...keys.slice(0, place + 1), ...(broken < 0 ? later : later.slice(0, broken))];
    return new Set(trusted.map((each) => each.kid));
  }
  findings.fault("keys", say("fingerprint", { fingerprint }));
  return new Set();
}

class KeySet {
  constructor(listed, known, trusted) {
    this.all = listed; this.used = new Set(); this.trusted = trusted;
    this.known = new Map(known.map((key) => [key.kid, key]));
  }
  async fault(kid, at, signature, prefix, value) {
    const key = this.known.get(kid);
    if (!key) return say("key-unknown", { kid });
    if (!await hasSigned(key.public_key, signature, prefix, value)) return say("signature", { kid });
    if (!this.trusted.has(kid)) return say("key-trust", { kid });
    this.used.add(kid);
    if (key.previous !== null && at < key.valid_from) return say("key-early", { kid });
    if (key.valid_to !== null && at > key.valid_to) return say("key-replaced", { kid });
    if (key.revoked_at !== null && at >= key.revoked_at) return say("key-revoked", { kid });
    return null;
  }
  fingerprints() {
    return Promise.all(this.all.filter((key) => this.used.has(key.kid)).map((key) => fingerprintOf(key.public_key)));
  }
}

const NO_KEYS = () => new KeySet([], [], new Set());
const lasting = (key) => spelled([key.public_key, key.valid_from, key.previous, key.reason]);

async function keysIn(findings, given, trust) {
  if (!Array.isArray(given)) { findings.fault("keys", "list"); return NO_KEYS(); }
  if (!given.length) { findings.fault("keys", UNSIGNED); return NO_KEYS(); }
  const listed = [];
  for (const [place, key] of given.entries()) {
    const found = await keyFault(key, listed[place - 1]);
    if (found) { findings.fault(`keys[${place}]${found[0]}`, found[1]); return NO_KEYS(); }
    listed.push(key);
  }
  for (const [place, key] of listed.entries()) {
    const later = listed[place + 1];
    if (key.valid_to !== (later ? later.valid_from : null))
      { findings.fault(`keys[${place}].valid_to`, "key-end"); break; }
    if (key.revoked_at !== (later ? later.revokes_from : null))
      { findings.fault(`keys[${place}].revoked_at`, "key-next"); break; }
  }
  const known = trust.keys.length ? trust.keys : listed;
  for (const [place, key] of listed.entries()) {
    const other = known.find((each) => each.kid === key.kid);
    if (!other || lasting(other) !== lasting(key)) findings.fault(`keys[${place}]`, "key-foreign");
  }
  return new KeySet(listed, known, await believed(findings, known, trust.fingerprint));
}

async function keyAlone(findings, key, trust) {
  const alone = { ...Object.fromEntries(KEY_NAMES.map((name) => [name, null])), kid: (await fingerprintOf(key)).slice(0, 16), public_key: key };
  const known = trust.keys.length ? trust.keys : [alone];
  if (!known.some((each) => each.public_key === key)) findings.fault("public_key", "key-foreign");
  return new KeySet([alone], known, await believed(findings, known, trust.fingerprint));
}

// --- the chain of a ledger, and its signed heads ---

const ENTRY = ["v", "ledger", "number", "at", "actor", "what", "facts", "nonce"];

function entryFault(entry) {
  if (!isObject(entry)) return "object";
  if (!named(entry, ENTRY)) return exactly(ENTRY);
  const shaped = entry.v === 1 && UUID.test(entry.ledger) && isNumber(entry.number) && INSTANT.test(entry.at) &&
    ACTOR.test(entry.actor) && NONCE.test(entry.nonce) && typeof entry.what === "string" && isObject(entry.facts);
  if (!shaped) return "entry-shape";
  const found = misfit(entry);
  return found && { ...spoken(found[1]), place: found[0].slice(1) };
}

const leafOf = (entry) => sha256(encode("consult/leaf/1\n" + spelled(entry)));

async function chainOf(findings, file, links, ledger) {
  const chain = { ledger, entries: [], heads: [], whole: true };
  if (!Array.isArray(links) || !links.length) {
    findings.fault("entries", Array.isArray(links) ? "empty" : "list");
    chain.whole = false;
    return chain;
  }
  let prev = "0".repeat(64), at = "";
  for (const [number, link] of links.entries()) {
    let found = null;
    if (!named(link, ["entry", "leaf", "prev", "head"])) found = exactly(["entry", "leaf", "prev", "head"]);
    else found = entryFault(link.entry);
    if (!found) { const twice = twiceWithin(file, link); if (twice) found = twiceNamed(twice); }
    if (found) chain.whole = false;
    else {
      const entry = link.entry;
      if (entry.ledger !== ledger) found = "foreign";
      else if (entry.number !== number) found = say("number", { number: entry.number });
      else if (entry.at < at) found = "earlier";
      else if (await leafOf(entry) !== link.leaf) found = "leaf";
      else if (link.prev !== prev) found = "follow";
      else if (await sha256(encode("consult/head/1\n"), bytesOf(link.prev), bytesOf(link.leaf)) !== link.head)
        found = "head";
      if (found && entry.number !== number) chain.whole = false;
      chain.entries.push(entry);
      at = entry.at;
    }
    prev = isObject(link) && HASH.test(link.head) ? link.head : "";
    chain.heads.push(prev);
    if (found) findings.fault(`entry ${number}`, found);
    if (findings.faults.length >= MOST) {
      chain.whole = false;
      findings.fault(`entry ${number}`, "many");
      break;
    }
  }
  return chain;
}

function checkHeads(findings, chain, heads) {
  for (const [number, head] of heads) {
    if (number >= chain.heads.length)
      findings.fault(`entry ${number}`, say("short", { last: chain.heads.length - 1 }));
    else if (!chain.heads[number].startsWith(head))
      findings.fault(`entry ${number}`, "head-shown");
  }
}

const isCheckpoint = (said) => named(said, CHECKPOINT) && UUID.test(said.ledger) && isNumber(said.number) &&
  HASH.test(said.head) && INSTANT.test(said.at) && KID.test(said.kid) && SIGNATURE.test(said.signature);

async function checkCheckpoints(findings, file, given, chain, keys) {
  if (!Array.isArray(given)) { findings.fault("checkpoints", "list"); return; }
  let kid = null, last = -1, at = "";
  const force = chain.entries.map((entry) => {
    if (entry.what === "ledger-opened") kid = entry.facts.kid;
    if (entry.what === "key-changed") kid = entry.facts.to;
    return kid;
  });
  for (const [place, said] of given.entries()) {
    if (!isCheckpoint(said) || twiceWithin(file, said)) { findings.fault(`checkpoints[${place}]`, "shape"); return; }
    if (said.number <= last || said.at < at) { findings.fault(`checkpoints[${place}]`, "order"); return; }
    last = said.number; at = said.at;
    const found = await checkpointFault(said, chain, force, keys);
    if (found) { findings.fault(`entry ${said.number}`, found); return; }
  }
  findings.facts.signed_to = last; findings.facts.signed_at = at;
  if (last + 1 < chain.heads.length) findings.fault(`entry ${last + 1}`, "unsigned-end");
}

async function checkpointFault(said, chain, force, keys) {
  const number = said.number;
  if (number >= chain.heads.length) return "signed-cut";
  if (said.head !== chain.heads[number]) return "signed-head";
  if (said.ledger !== chain.ledger) return "signed-foreign";
  if (chain.whole && force[number] !== null && force[number] !== said.kid) return say("signed-key", { kid: force[number] });
  if (chain.whole && said.at < chain.entries[number].at) return "signed-early";
  return keys.fault(said.kid, said.at, said.signature, "consult/checkpoint/1\n", without(said, "signature"));
}

// --- records and exports ---

const RECEIPTS = [RECEIPT, COMMENTS];
const AROUND = ["format", "consultation", "ledger", "texts", "withheld", "keys", "signers", "signatures"];
const NAMES = { [RECORD]: [...AROUND, "case", "result"], [ROUND]: [...AROUND, "table"],
  [LEDGER]: ["format", "consultation", "entries", "checkpoints", "keys"] };

async function checkWhole(file, heads, trust) {
  const value = file.value, isLedger = value.format === LEDGER;
  const findings = new Findings(isLedger ? "ledger" : "record");
  if (isLedger && named(value, ["format", "consultation", "entries"])) { findings.fault("file", UNSIGNED); return { findings }; }
  if (!named(value, NAMES[value.format])) { findings.fault("file", exactly(NAMES[value.format])); return { findings }; }
  const links = isLedger ? value.entries : (value.ledger ?? {}).entries;
  for (const [name, part] of [["file", null], ...Object.entries(value)]) {
    if (["entries", "checkpoints"].includes(name)) continue;
    const twice = name === "file" ? file.doubled.get(value)
      : name === "ledger" ? file.doubled.get(part) : twiceWithin(file, part);
    if (twice) findings.fault(name, twiceNamed(twice));
  }
  if (!isObject(value.consultation) || !UUID.test(value.consultation.id)) { findings.fault("consultation.id", "shape"); return { findings }; }
  let unfit = false;
  for (const name of Object.keys(value)) {
    if (["ledger", "entries", "checkpoints", "format"].includes(name)) continue;
    const found = misfit(value[name]);
    if (found) { unfit = true; findings.fault(name + found[0], found[1]); }
  }
  if (!isLedger && !named(value.ledger, ["entries", "checkpoints", "heads_sent"])) { findings.fault("ledger", exactly(["entries", "checkpoints", "heads_sent"])); return { findings }; }
  const chain = await chainOf(findings, file, links, value.consultation.id);
  checkHeads(findings, chain, heads);
  if (chain.whole && (chain.entries[0].what !== "ledger-opened" || value.consultation.reference !== chain.entries[0].facts.reference))
    findings.fault("consultation.reference", "of-ledger");
  const rehearsal = chain.whole && (chain.entries[0].facts.rehearsal ?? false);
  if (!isLedger) {
    if (chain.whole) checkRehearsal(findings, value.consultation, rehearsal);
    checkSent(findings, value.ledger.heads_sent, chain);
    await checkTexts(findings, value.texts);
  }
  const keys = await keysIn(findings, value.keys, trust);
  if (keys.all.length) {
    await checkCheckpoints(findings, file, isLedger ? value.checkpoints : value.ledger.checkpoints, chain, keys);
    if (!isLedger) await checkSigners(findings, value, keys, unfit);
  }
  Object.assign(findings.facts, { reference: value.consultation.reference, rehearsal, entries: chain.heads.length,
    head: chain.heads.at(-1), held: heads.length, keys: await keys.fingerprints() });
  return { findings, keys, links, ledger: value.consultation.id };
}

function checkRehearsal(findings, consultation, rehearsal) {
  if ((consultation.rehearsal ?? false) !== rehearsal) findings.fault("consultation.rehearsal", "of-ledger");
  else if (rehearsal && (consultation.number ?? null) !== null) findings.fault("consultation.number", "rehearsal");
}

function checkSent(findings, sent, chain) {
  if (!Array.isArray(sent)) { findings.fault("ledger.heads_sent", "list"); return; }
  let least = 0;
  for (const [place, each] of sent.entries()) {
    if (!named(each, ["number", "head", "at"]) || !isNumber(each.number) || !HASH.test(each.head) || !INSTANT.test(each.at) || each.number < least) {
      findings.fault(`ledger.heads_sent[${place}]`, "sent");
      return;
    }
    least = each.number + 1;
    const where = `entry ${each.number}`;
    if (each.number >= chain.heads.length) findings.fault(where, "sent-cut");
    else if (each.head !== chain.heads[each.number]) findings.fault(where, "sent-head");
    else if (chain.whole && each.at !== chain.entries[each.number].at) findings.fault(where, "sent-at");
  }
}

async function textFault(name, given) {
  const shaped = isObject(given) && NONCE.test(given.salt) && typeof given.text === "string" && !misfit(given.text);
  if (!shaped) return "text-shape";
  const made = await sha256(encode("consult/text/1\n"), bytesOf(given.salt), encode(given.text));
  return made === name ? null : "text";
}

async function checkTexts(findings, texts) {
  if (!isObject(texts)) { findings.fault("texts", "object"); return; }
  for (const [name, given] of Object.entries(texts)) {
    const found = await textFault(name, given);
    if (found) findings.fault(`texts.${name}`, found);
  }
}

async function checkSigners(findings, value, keys, unfit) {
  const { signers, signatures } = value;
  if (!Array.isArray(signers) || !signers.every((kid) => KID.test(kid))) { findings.fault("signers", "shape"); return; }
  if (!signers.length || !isObject(signatures) || !Object.keys(signatures).length) { findings.fault("signatures", UNSIGNED); return; }
  if (new Set(signers).size !== signers.length) findings.fault("signers", "signers-twice");
  if (!named(signatures, [...new Set(signers)])) { findings.fault("signatures", "signers"); return; }
  if (unfit || misfit(value)) { if (findings.holds) findings.fault("file", "spelling"); return; }
  for (const kid of signers) {
    const found = await keys.fault(kid, findings.facts.signed_at ?? "", signatures[kid], "consult/record/1\n", without(value, "signatures"));
    if (found) findings.fault("signatures", found);
  }
}

// --- receipts ---

const AROUND_RECEIPT = ["format", "consultation", "texts", "entry", "number", "head", "checkpoint", "kid", "public_key", "signature"];

async function checkReceipt(file, trust, keys) {
  const findings = new Findings("receipt"), value = file.value, ofComments = value.format === COMMENTS;
  const repeated = ofComments ? REPEATED_OF_COMMENTS : REPEATED, names = [...AROUND_RECEIPT, ...repeated];
  if (named(value, names.filter((name) => name !== "public_key")) && value.signature === null) { findings.fault("file", UNSIGNED); return findings; }
  if (!named(value, names)) { findings.fault("file", exactly(names)); return findings; }
  const twice = twiceWithin(file, value);
  if (twice) findings.fault("receipt", twiceNamed(twice));
  const entry = value.entry, wrong = entryFault(entry);
  if (wrong) { findings.fault("entry", wrong); return findings; }
  if (!(ofComments ? COMMENTED : REPLIES).includes(entry.what)) { findings.fault("entry.what", ofComments ? "no-comments" : "no-reply"); return findings; }
  const unfit = misfit(value);
  if (unfit) { findings.fault(unfit[0].slice(1), unfit[1]); return findings; }
  for (const name of repeated) if (!(name in entry.facts) || !same(value[name], entry.facts[name])) findings.fault(name, "of-entry");
  if (value.number !== entry.number) findings.fault("number", "of-entry");
  if (!HASH.test(value.head)) findings.fault("head", "shape");
  const rehearsal = isObject(value.consultation) && "rehearsal" in value.consultation;
  const letter = ["id", "reference", ...(rehearsal ? ["rehearsal"] : [])];
  if (!named(value.consultation, letter) || (rehearsal && value.consultation.rehearsal !== true)) findings.fault("consultation", exactly(letter));
  else if (value.consultation.id !== entry.ledger) findings.fault("consultation.id", "of-entry");
  await receiptTexts(findings, value.texts, entry);
  await receiptSignatures(findings, value, trust, keys);
  Object.assign(findings.facts, { reference: (value.consultation ?? {}).reference, rehearsal, ledger: entry.ledger,
    member: entry.facts.member, version: entry.facts.version, number: entry.number });
  return findings;
}

async function receiptTexts(findings, texts, entry) {
  if (!Array.isArray(texts)) { findings.fault("texts", "list"); return; }
  const given = [];
  for (const [place, each] of texts.entries()) {
    let found = exactly(["commitment", "salt", "text"]);
    if (named(each, ["commitment", "salt", "text"])) { given.push(each.commitment); found = await textFault(each.commitment, each); }
    if (found) findings.fault(`texts[${place}]`, found);
  }
  if (findings.holds && !same(given.map(String).sort(), textsOf(entry).map(String).sort()))
    findings.fault("texts", "comments");
}

const valuesOf = (value) => isObject(value) ? Object.values(value) : [];

// What a member said in a reply or in comments, and what is unclear in its paper: see `texts_of`.
function textsOf({ what, facts }) {
  if (!COMMENTED.includes(what)) return [...valuesOf(facts.comments), ...valuesOf(facts.unclear).flatMap(valuesOf)];
  const remarks = Array.isArray(facts.remarks) ? facts.remarks.filter(isObject) : [];
  return remarks.flatMap(({ text, proposed }) => [text, proposed]).filter((name) => name !== null);
}

async function receiptSignatures(findings, value, trust, keys) {
  if (["signature", "kid", "public_key"].some((name) => value[name] === null)) { findings.fault("signature", UNSIGNED); return; }
  const said = value.checkpoint;
  for (const [name, fits] of [["public_key", HASH.test(value.public_key)], ["kid", KID.test(value.kid)],
    ["checkpoint", isCheckpoint(said)], ["signature", SIGNATURE.test(value.signature)]])
    if (!fits) { findings.fault(name, "shape"); return; }
  if (value.kid !== (await fingerprintOf(value.public_key)).slice(0, 16)) { findings.fault("kid", "public-key"); return; }
  const own = { ledger: value.entry.ledger, number: value.entry.number, head: value.head, at: value.entry.at, kid: value.kid };
  for (const name of Object.keys(own)) if (said[name] !== own[name]) { findings.fault(`checkpoint.${name}`, "of-receipt"); return; }
  keys ??= await keyAlone(findings, value.public_key, trust);
  for (const [where, signature, prefix, covered] of [
    ["signature", value.signature, "consult/receipt/1\n", without(value, "signature")],
    ["checkpoint", said.signature, "consult/checkpoint/1\n", without(said, "signature")]]) {
    const found = await keys.fault(value.kid, said.at, signature, prefix, covered);
    if (found) findings.fault(where, found);
  }
  findings.facts.keys = await keys.fingerprints();
}

// What became of a reply in a ledger in which nothing is wrong.
async function lookUp(findings, receipt, links) {
  const link = links[receipt.number], leaf = await leafOf(receipt.entry);
  const restored = links.find((each) => each.entry.what === RESTORED && each.entry.facts.leaf === leaf);
  const entries = links.map((each) => each.entry), { reference, rehearsal } = entries[0].facts;
  if (!restored && (!link || !same(link.entry, receipt.entry))) {
    findings.facts.verdict = "missing";
    findings.fault(`entry ${receipt.number}`, "missing");
  } else if (receipt.consultation.reference !== reference) findings.fault("consultation.reference", "of-ledger");
  else if (findings.facts.rehearsal !== (rehearsal ?? false)) findings.fault("consultation.rehearsal", "of-ledger");
  else if (restored && !tellsSame(restored.entry.facts, receipt.entry.facts))
    findings.fault(`entry ${restored.entry.number}`, "restored");
  else if (restored) Object.assign(findings.facts, { restored: restored.entry.number, ...fate(restored.entry, entries) });
  else if (link.head !== receipt.head) findings.fault(`entry ${receipt.number}`, "receipt-head");
  else Object.assign(findings.facts, fate(link.entry, entries));
}

function tellsSame(restored, lost) {
  const left = (facts, ...names) => names.reduce(without, facts);
  return restored.version >= lost.version &&
    same(left(restored, "leaf", "approved", "version"), left(lost, "reason", "approved", "version"));
}

// The replies in the order in which each member gave them: see `replies_in`.
function repliesIn(entries) {
  const found = [];
  for (const entry of entries.filter((each) => REPLIES.includes(each.what))) {
    const { member, version } = entry.facts;
    const place = entry.what !== RESTORED ? -1
      : found.findIndex((each) => each.facts.member === member && each.facts.version > version);
    found.splice(place < 0 ? found.length : place, 0, entry);
  }
  return found;
}

function fate(entry, entries) {
  let roll = [], opensAt = "", closesAt = "", stated = "";
  const ruled = new Map();
  for (const { what, facts, number, at } of entries) {
    if (what === "opening" || what === "corrigendum") ({ roll, opens_at: opensAt } = facts.case);
    if (what === "round-opened") ({ roll, closes_at: closesAt } = facts);
    if (what === "opening") closesAt = facts.case.closes_at;
    if (what === "extension" || what === "outage-extension") closesAt = facts.to;
    if (what === "post-stated") stated = at;
    if (what === "reply-on-behalf" && stated) ruled.set(number, false);
    if (what === RESTORED && stated && (facts.recorded_at ?? "") >= stated) ruled.set(number, false);
    if (what === "ruling") ruled.set(facts.about, facts.counts);
  }
  const line = roll.find((each) => each.code === entry.facts.member);
  if (!line || line.entitled === false) return { verdict: "not entitled" };
  const counts = ({ what, number, facts }) => COMMENTED.includes(what) ? !facts.late || facts.received_at < closesAt
    : ruled.get(number) ?? (opensAt <= facts.received_at && facts.received_at < closesAt);
  if (!counts(entry)) return { verdict: ruled.has(entry.number) ? "not admitted" : "late" };
  let last = null;
  for (const each of COMMENTED.includes(entry.what) ? entries.filter(({ what }) => COMMENTED.includes(what)) : repliesIn(entries))
    if (each.facts.member === entry.facts.member && counts(each) &&
        (!last || last.facts.received_at <= each.facts.received_at)) last = each;
  if (last.number !== entry.number) return { verdict: "superseded", superseded_by: last.facts.version };
  const gone = lapsed(entry, entries);
  return { verdict: "counted", ...(gone.length ? { lapsed: gone.join(", ") } : {}) };
}

// The items on which a reply says nothing, for it does not confirm their revision.
function lapsed(entry, entries) {
  const opening = entries.find(({ what }) => what === "opening");
  if (!opening || opening.facts.unconfirmed !== "lapses") return [];
  const later = entries.filter(({ what, facts }) => what === "corrigendum" && facts.revision > entry.facts.answered.revision);
  return [...new Set(later.flatMap(({ facts }) => facts.changed))].sort();
}

// --- all files that were chosen, together ---

async function checkAll(files, heads, fingerprint) {
  const found = [], trust = { fingerprint, keys: [] }, books = new Map(), receipts = [];
  const unreadable = (name, what) => {
    const findings = new Findings("unreadable");
    findings.fault("file", what);
    found.push({ name, findings });
  };
  const readings = [];
  for (const { name, bytes } of files) {
    try {
      const file = read(bytes);
      if (file.value.format === COUNTERSIGNATURE) unreadable(name, "countersignature");
      else if (![RECORD, ROUND, LEDGER, ...RECEIPTS, KEYS].includes(file.value.format)) unreadable(name, "format");
      else readings.push({ name, file, format: file.value.format });
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error;
      unreadable(name, error.message);
    }
  }
  for (const { name, file } of readings.filter((each) => each.format === KEYS)) {
    const findings = new Findings("keys");
    if (!named(file.value, ["format", "keys"])) findings.fault("file", exactly(["format", "keys"]));
    else {
      const twice = twiceWithin(file, file.value);
      if (twice) findings.fault("keys", twiceNamed(twice));
      const keys = await keysIn(findings, file.value.keys, { fingerprint, keys: [] });
      if (findings.holds) trust.keys = keys.all;
      findings.facts.list = keys.all.length;
    }
    found.push({ name, findings });
  }
  for (const { name, file, format } of readings) {
    if ([...RECEIPTS, KEYS].includes(format)) continue;
    const checked = await checkWhole(file, heads, trust);
    if (checked.findings.holds) books.set(checked.ledger, checked);
    found.push({ name, findings: checked.findings });
  }
  const others = readings.some((each) => ![...RECEIPTS, KEYS].includes(each.format));
  for (const { name, file, format } of readings) {
    if (!RECEIPTS.includes(format)) continue;
    const book = books.get((file.value.entry ?? {}).ledger);
    const findings = await checkReceipt(file, trust, book && book.keys);
    if (book && findings.holds) await lookUp(findings, file.value, book.links);
    else if (others && !book) findings.fault("consultation.id", "no-ledger");
    found.push({ name, findings });
  }
  return found;
}

// --- the page ---

const byId = (id) => document.getElementById(id);

function put(parent, tag, said, className) {
  const made = document.createElement(tag);
  if (said) made.textContent = said;
  if (className) made.className = className;
  parent.append(made);
  return made;
}

const filled = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

function tell(list, { where, name, values, place }) {
  const line = put(list, "li"), number = /^entry ([0-9]+)$/.exec(where);
  const path = number ? filled(words.entry, { number: number[1] }) : where === "file" ? words.file : where;
  line.dataset.where = where;
  put(line, "bdi", place ? `${path} ${place}` : path);
  line.append(": ");
  put(line, "span", filled(words.faults[name], values));
}

function show(found, fingerprint) {
  const place = byId("found");
  place.replaceChildren();
  for (const { name, findings } of found) {
    const part = put(place, "section", "", findings.holds ? "ok" : "bad");
    part.dataset.file = name;
    part.dataset.holds = String(findings.holds);
    part.dataset.verdict = findings.facts.verdict ?? "";
    put(part, "h2", name).dir = "ltr";
    put(part, "p", findings.holds ? words.holds : words.fails, "verdict");
    if (!findings.holds) {
      const list = put(part, "ul");
      for (const fault of findings.faults) tell(list, fault);
      continue;
    }
    const facts = findings.facts;
    if (findings.kind === "receipt") {
      put(part, "p", filled(words.receipt, facts));
      put(part, "p", filled(words[facts.verdict ?? "nowhere"], facts));
      if ("restored" in facts) put(part, "p", filled(words.restored, facts));
    } else if (findings.kind !== "keys") put(part, "p", filled(words[findings.kind], facts));
    if (facts.lapsed) put(part, "p", filled(words.lapsed, facts));
    if (facts.rehearsal) put(part, "p", words.rehearsal);
    if (facts.held) put(part, "p", words.held);
    if (facts.keys) {
      put(part, "p", fingerprint ? words.given : words.own);
      for (const each of facts.keys) { const code = put(part, "code", each.match(/.{4}/g).join(" ")); code.dir = "ltr"; }
    }
  }
}

function headsOf(line) {
  if (!line.trim()) return [];
  const found = /(?:#|\s|^)([0-9]{1,9})[:\s]\s*([0-9A-Fa-f]{32,64})\s*$/.exec(line);
  return found ? [[Number(found[1]), found[2].toLowerCase()]] : null;
}

async function able() {
  try {
    const key = bytesOf("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    const signature = bytesOf("e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155" +
      "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
    const made = await crypto.subtle.importKey("raw", key, "Ed25519", false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", made, signature, new Uint8Array()) &&
      !await crypto.subtle.verify("Ed25519", made, signature, encode("a"));
  } catch { return false; }
}

async function begin() {
  const form = byId("form"), said = byId("said");
  if (!await able()) { said.textContent = words.unable; said.className = "bad"; document.body.dataset.able = "no"; return; }
  form.hidden = false;
  document.body.dataset.able = "yes";
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    byId("found").replaceChildren();
    const fingerprint = byId("key").value.replace(/[\s:]/g, "").toLowerCase();
    const heads = headsOf(byId("line").value);
    const chosen = Array.from(byId("files").files);
    said.textContent = !chosen.length ? words.choose : heads === null ? words.line
      : fingerprint && !/^[0-9a-f]{16,64}$/.test(fingerprint) ? words.key : "";
    if (said.textContent) { said.className = "bad"; return; }
    said.className = ""; said.textContent = words.checking;
    const files = await Promise.all(chosen.map(async (file) => ({ name: file.name, bytes: await file.arrayBuffer() })));
    show(await checkAll(files, heads, fingerprint), fingerprint);
    said.textContent = "";
  });
}

begin();
})();
