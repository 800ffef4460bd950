// Line drawings on a grid of 24, in the colour of the text around them.

const paths = {
  fire: "M12 21a6 6 0 0 0 6-6c0-4-3-5-3-9-2 .7-3.200 2.500-3 5-1-.5-1.600-1.500-1.500-2.500C8 10 6 12 6 15a6 6 0 0 0 6 6z",
  hand: "M20 12a8 8 0 1 1-4-6.900M21 5l-9 9-3-3",
  mute: "M18 10a6 6 0 0 0-9.500-4.900M6.300 8.500C6 12.500 4.500 14 4 15.500h11.500M10 19a2 2 0 0 0 4 0M4 4l16 16",
  check: "M5 12.500l4.500 4.500L19 7.500",
  bell: "M6 10a6 6 0 1 1 12 0c0 4 1.500 5 2 6H4c.5-1 2-2 2-6M10 19a2 2 0 0 0 4 0",
  plug: "M9 3v5M15 3v5M7 8h10v4a5 5 0 0 1-10 0zM12 17v4",
  users: "M9 11a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7zM2.500 20c.5-4 3-6 6.500-6s6 2 6.500 6M16 4.300a3.500 3.500 0 0 1 0 6.400M18.500 14.500c1.800.8 2.700 2.700 3 5.500",
  person: "M12 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.500 21c.6-4.500 3.500-7 7.500-7s6.900 2.500 7.500 7",
  key: "M14.500 9.500L21 3M17.500 6.500l2.500 2.500M9 20a5 5 0 1 0 0-10 5 5 0 0 0 0 10z",
  log: "M5 4h14v16H5zM8.500 8.500h7M8.500 12h7M8.500 15.500h4",
  pulse: "M3 12h4l3-7 4 14 3-7h4",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  search: "M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13zM15.500 15.500L21 21",
  plus: "M12 5v14M5 12h14",
  up: "M6 14l6-6 6 6",
  down: "M6 10l6 6 6-6",
  right: "M9 6l6 6-6 6",
  left: "M15 6l-6 6 6 6",
  trash: "M4 7h16M9 7V4h6v3M6.500 7l1 13h9l1-13",
  pencil: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  link: "M10 14a4 4 0 0 0 6 0l3-3a4.200 4.200 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6 0l-3 3a4.200 4.200 0 0 0 6 6l1-1",
  out: "M14 4h6v6M20 4l-9 9M18 14v6H4V6h6",
  warning: "M12 4L2.500 20h19zM12 10v4.500M12 17.300v.2",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.500 2",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  moon: "M20 14.500A8.500 8.500 0 0 1 9.500 4a8.500 8.500 0 1 0 10.500 10.500z",
  sun: "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v2M12 20v2M4.900 4.900l1.400 1.400M17.700 17.700l1.400 1.400M2 12h2M20 12h2M4.900 19.100l1.400-1.400M17.700 6.300l1.400-1.400",
  keyboard: "M3 6h18v12H3zM6.500 9.500h.01M10 9.500h.01M14 9.500h.01M17.500 9.500h.01M6.500 12.500h.01M17.500 12.500h.01M9 15h6",
  send: "M4 12l16-8-6 16-3-6zM11 14l9-10",
  leave: "M14 4H5v16h9M10 12h11M17.500 8.500L21 12l-3.500 3.500",
  note: "M5 4h14v10l-6 6H5zM19 14h-6v6",
  undo: "M9 7L4 12l5 5M4 12h10a6 6 0 0 1 6 6",
  menu: "M4 7h16M4 12h16M4 17h16",
} as const;

export type IconName = keyof typeof paths;

/// Decoration beside words; give the button around it a name when it stands alone.
export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg
      width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth={2}
      strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" className="icon"
    >
      <path d={paths[name]} />
    </svg>
  );
}
