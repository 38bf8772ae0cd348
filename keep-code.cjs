// node -r ./keep-code.cjs dist/bin/app/main.js LOG: keeps the code that V8 made for this run, for src/start.cts to begin with.
// Functions that the run did not come to are compiled when they are called, as ever.
const { readFileSync, writeFileSync } = require('node:fs');
const v8 = require('node:v8');
const vm = require('node:vm');
const zlib = require('node:zlib');

// V8 takes code only under the flags that it was made under, and none is set yet when it is asked to.
v8.setFlagsFromString = () => {};

vm.Script = class extends vm.Script {
  constructor(...args) {
    super(...args);
    process.once('exit', () => {
      const made = this.createCachedData();
      const checksum = Buffer.alloc(4);
      checksum.writeUInt32LE(zlib.crc32(made, zlib.crc32(readFileSync(args[1].filename))));
      writeFileSync(process.env.CODE_FILE, Buffer.concat([made, checksum]));
    });
  }
};
