// Reads QR codes: from the camera, or from a picture. The browser's own detector where there is one, else zxing-wasm,
// which is fetched only then. Typed text needs no script: the field is an ordinary one.

const EVERY = 120; // milliseconds between two looks at the camera
const SIDE = 720; // pixels of the square that is looked at: enough for a passport's code, quick on an old phone

async function nativeReader() {
  if (!("BarcodeDetector" in window)) return null;
  const formats = await window.BarcodeDetector.getSupportedFormats();
  if (!formats.includes("qr_code")) return null;
  const detector = new window.BarcodeDetector({ formats: ["qr_code"] });
  return async (source) => (await detector.detect(source))[0]?.rawValue ?? null;
}

async function wasmReader() {
  const zxing = await import("../vendor/zxing/reader/index.js");
  const wasm = new URL("../vendor/zxing/reader/zxing_reader.wasm", import.meta.url).href;
  zxing.prepareZXingModule({ overrides: { locateFile: () => wasm } });
  const options = { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 };
  return async (source) => (await zxing.readBarcodes(source, options))[0]?.text ?? null;
}

let reader = null;

/** Returns a function that turns ImageData or a Blob into the code's text, or null. */
export async function qrReader() {
  reader ??= (await nativeReader()) ?? (await wasmReader());
  return reader;
}

function square(video, canvas) {
  const side = Math.min(video.videoWidth, video.videoHeight);
  canvas.width = canvas.height = Math.min(side, SIDE);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const left = (video.videoWidth - side) / 2;
  const top = (video.videoHeight - side) / 2;
  context.drawImage(video, left, top, side, side, 0, 0, canvas.width, canvas.height);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/**
 * Looks at the camera until a code is read, then calls onText(text) once and lets the camera go.
 * Throws what getUserMedia throws when there is no camera or no leave to use it. Returns a function that stops it.
 */
export async function startScan({ video, onText }) {
  const wanted = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
  const stream = await navigator.mediaDevices.getUserMedia({ video: wanted });
  let live = true;
  const stop = () => {
    live = false;
    stream.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
  };
  video.srcObject = stream;
  await video.play();
  const read = await qrReader();
  const canvas = document.createElement("canvas");
  const look = async () => {
    if (!live) return;
    const text = video.videoWidth ? await read(square(video, canvas)) : null;
    if (!live) return;
    if (text) {
      stop();
      onText(text);
    } else setTimeout(look, EVERY);
  };
  look();
  return stop;
}

/** Reads the code on a picture file; null when there is none. */
export async function readPicture(file) {
  const wasm = await wasmReader();
  return wasm(file);
}

function take(box, text) {
  const heard = box.dispatchEvent(new CustomEvent("tc:scan", { detail: { text }, bubbles: true, cancelable: true }));
  if (!heard) return; // the page does something else with it
  const field = document.getElementById(box.dataset.target);
  field.value = text;
  field.form?.requestSubmit();
}

function wire(box) {
  const frame = box.querySelector(".tc-scan");
  const say = box.querySelector("[data-scan-say]");
  const button = box.querySelector("[data-scan-start]");
  const tell = (words) => {
    frame.classList.remove("is-live");
    say.textContent = words;
    button.hidden = false;
  };
  const start = async () => {
    button.hidden = true;
    try {
      await startScan({ video: box.querySelector("video"), onText: (text) => take(box, text) });
      frame.classList.add("is-live");
    } catch (problem) {
      console.info("camera:", problem.name); // no camera is no error: the page offers two other ways
      tell(box.dataset.noCamera);
    }
  };
  button.addEventListener("click", start);
  box.querySelector("[data-scan-picture]").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    const text = file ? await readPicture(file) : null;
    if (text) take(box, text);
    else tell(box.dataset.noCode);
  });
  if (box.dataset.scan === "auto") start();
  else button.hidden = false;
}

document.querySelectorAll("[data-scan]").forEach(wire);
