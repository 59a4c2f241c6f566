// Reads one JSON request a line from standard input, answers one JSON object a line.
//   {"do": "verify", "text", "certificates": {kid in Base64: certificate in Base64}}
//   {"do": "issue", "content", "certificate": PEM, "key": PKCS#8 in PEM, "issuer", "months"}
const readline = require("readline");
// Loaded first, by Node itself: the loader that the library brings does not know the syntax of this one's parts.
require("isomorphic-webcrypto");
const sdk = require("@pathcheck/dcc-sdk");

console.log = console.warn = () => {};

const plain = (value) =>
  value instanceof Map
    ? Object.fromEntries([...value].map(([key, inner]) => [String(key), plain(inner)]))
    : Array.isArray(value)
      ? value.map(plain)
      : value && typeof value === "object" && value.constructor === Object
        ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]))
        : value;

async function answer(request) {
  if (request.do === "verify") {
    sdk.addCachedCerts(request.certificates);
    const result = await sdk.unpackAndVerify(request.text);
    return { status: result.status, claims: plain(result.contents) };
  }
  const token = await sdk.makeCWT(request.content, request.months, request.issuer);
  return { text: await sdk.signAndPack(token, request.certificate, request.key) };
}

(async () => {
  for await (const line of readline.createInterface({ input: process.stdin })) {
    let result;
    try {
      result = await answer(JSON.parse(line));
    } catch (error) {
      result = { error: String(error) };
    }
    process.stdout.write(JSON.stringify(result) + "\n");
  }
})();
