import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const source = resolve(import.meta.dirname, "src/mainstay");
const web = join(source, "kernel/web");
const icons = resolve(import.meta.dirname, "node_modules/@tabler/icons/icons/outline");

/** Every file directly in an `islands/<label>/` folder is an entry, except those whose name starts with `_`. */
const entries = globSync("**/islands/*/*.{ts,css}", { cwd: source })
  .filter((path) => !/\/_[^/]*$/.test(path) && !path.endsWith(".d.ts"))
  .map((path) => join(source, path));

/** One SVG file with a symbol for each name in icons.txt; a name Tabler does not draw stops the build. */
function sprite(): Plugin {
  const list = join(web, "islands/web/icons.txt");
  const symbol = (name: string) => {
    const drawing = readFileSync(join(icons, `${name}.svg`), "utf8");
    const shapes = drawing.slice(drawing.indexOf(">", drawing.indexOf("<svg")) + 1, drawing.lastIndexOf("</svg>"));
    return `<symbol id="${name}" viewBox="0 0 24 24">${shapes.replace(/\s*\n\s*/g, "")}</symbol>`;
  };
  return {
    name: "sprite",
    buildStart() {
      this.addWatchFile(list);
    },
    generateBundle() {
      const names = readFileSync(list, "utf8").split("\n").filter((line) => line && !line.startsWith("#"));
      const content = `<svg xmlns="http://www.w3.org/2000/svg">${names.map(symbol).join("")}</svg>`;
      this.emitFile({ type: "asset", name: "icons.svg", originalFileName: "islands/web/icons.svg", source: content });
    },
  };
}

/** The compressed twins that the server hands out as they are. */
function compressed(): Plugin {
  return {
    name: "compressed",
    enforce: "post",
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        const content = Buffer.from(file.type === "chunk" ? file.code : file.source);
        if (content.length < 1024 || file.fileName.endsWith(".json")) continue;
        this.emitFile({ type: "asset", fileName: `${file.fileName}.gz`, source: gzipSync(content, { level: 9 }) });
        this.emitFile({ type: "asset", fileName: `${file.fileName}.br`, source: brotliCompressSync(content) });
      }
    },
  };
}

export default defineConfig({
  root: source,
  base: "./",
  publicDir: false,
  plugins: [sprite(), compressed()],
  build: {
    outDir: join(web, "static/web/build"),
    emptyOutDir: true,
    manifest: "manifest.json",
    // Browsers that know light-dark(), popover and <dialog>: both themes come from one set of rules.
    target: ["chrome125", "firefox128", "safari17.5"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: entries },
  },
});
