// Reads QR pictures with jsQR and draws the same text with qrcode: lines of {text, png, mask, version} in, lines of {read, same} out.

import { createInterface } from 'node:readline';
import jsQRModule from 'jsqr';
import { PNG } from 'pngjs';
import qrcode from 'qrcode';

const jsQR = jsQRModule.default ?? jsQRModule;
for await (const line of createInterface({ input: process.stdin })) {
  const { text, png, mask, version, modules } = JSON.parse(line);
  const picture = PNG.sync.read(Buffer.from(png, 'base64'));
  const found = jsQR(new Uint8ClampedArray(picture.data), picture.width, picture.height);
  const theirs = qrcode.create([{ data: Buffer.from(text), mode: 'byte' }], { errorCorrectionLevel: 'M', maskPattern: mask, version });
  const drawn = [...theirs.modules.data].map(m => (m ? '1' : '0')).join('');
  const smallest = qrcode.create([{ data: Buffer.from(text), mode: 'byte' }], { errorCorrectionLevel: 'M' });
  console.log(JSON.stringify({ read: found && Buffer.from(found.binaryData).toString(), same: drawn === modules, smallest: smallest.version === version }));
}
