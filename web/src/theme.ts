import { createTheme, CSSVariablesResolver } from "@mantine/core";

export const theme = createTheme({
  primaryColor: "indigo",
  primaryShade: { light: 8, dark: 7 },
  defaultRadius: "sm",
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif",
  fontFamilyMonospace: "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace",
  headings: { fontWeight: "600" },
  cursorType: "pointer",
});

/// Quiet text still has to be read: more contrast than the library's own.
export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: { "--mantine-color-dimmed": "#50575f", "--mantine-color-placeholder": "#646c75", "--mantine-color-anchor": "#364fc7" },
  dark: {
    "--mantine-color-dimmed": "#a9adb5", "--mantine-color-placeholder": "#9a9fa8", "--mantine-color-anchor": "#a3b4ff",
    "--mantine-color-body": "#17181b", "--mantine-color-text": "#d5d7db", "--mantine-color-red-text": "#ff9c9c",
  },
});
