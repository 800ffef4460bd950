import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

// `npm run dev` stands in front of a server that runs already.
const server = process.env.TOCSIN_URL ?? "http://127.0.0.1:8080";

export default defineConfig({
  base: "./",
  plugins: [react()],
  build: { target: "es2020", modulePreload: { polyfill: false }, reportCompressedSize: false, assetsInlineLimit: 0 },
  server: { proxy: { "/api": { target: server, changeOrigin: false } } },
});
