import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const OUT = "../static";
const SMALLEST = 1000; // bytes; below that, compression saves nothing

// The server sends the compressed files, so that it never compresses while calls are up.
const compressed: Plugin = {
  name: "compressed",
  apply: "build",
  closeBundle() {
    for (const entry of readdirSync(OUT, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (!entry.isFile() || !/\.(html|js|css|svg)$/.test(path)) continue;
      const content = readFileSync(path);
      if (content.length < SMALLEST) continue;
      writeFileSync(`${path}.br`, brotliCompressSync(content));
      writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }));
    }
  },
};

export default defineConfig({
  base: "/",
  plugins: [compressed],
  build: {
    outDir: OUT,
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // the Content Security Policy allows nothing inline
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rollupOptions: { checks: { pluginTimings: false } }, // a busy machine is no fault of the page
  },
  define: { global: "globalThis" },
  logLevel: "warn",
});
