// The frame around every page: navigation, the live mark, keys.
import { ActionIcon, Anchor, Kbd, Menu, Modal, useMantineColorScheme, useComputedColorScheme } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { ReactNode, useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { startLive, useLiveMark } from "../api/live";
import { signOut, useMay, useMe } from "../api/session";
import { Icon, IconName } from "../parts/Icon";
import { startKeys, useKeys, useListedKeys } from "./keys";
import { Notices } from "./notices";

interface Place {
  path: string;
  name: string;
  icon: IconName;
  key: string;
}

const places: Place[] = [
  { path: "/alert-groups", name: "Alert groups", icon: "bell", key: "a" },
  { path: "/integrations", name: "Integrations", icon: "plug", key: "i" },
  { path: "/users", name: "Users", icon: "users", key: "u" },
  { path: "/audit", name: "Audit", icon: "log", key: "l" },
  { path: "/status", name: "Status", icon: "pulse", key: "s" },
];

const markWords = {
  live: ["Live", "News arrive as they happen."],
  reconnecting: ["Reconnecting", "The connection for news broke; it is being made again. What is shown may be old."],
  polling: ["Asking", "The server sends no news over this connection; it is asked every 5 seconds."],
} as const;

function LiveMark() {
  const mark = useLiveMark();
  return (
    <span className={`live live-${mark}`} title={markWords[mark][1]} role="status">
      <span className="live-dot" aria-hidden="true" /> {markWords[mark][0]}
    </span>
  );
}

function KeyList({ close }: { close: () => void }) {
  const parts = useListedKeys().filter((part) => part.keys.length > 0);
  const titles = [...new Set(parts.map((part) => part.title))];
  return (
    <Modal opened onClose={close} title="Keys" size="md" closeButtonProps={{ "aria-label": "Close" }}>
      {titles.map((title) => (
        <section key={title} className="key-list">
          <h3>{title}</h3>
          <dl>
            {parts.filter((part) => part.title === title).flatMap((part) => part.keys).map((key) => (
              <div key={key.keys}>
                <dt>{key.keys.split(" ").map((each) => <Kbd key={each} size="sm">{each}</Kbd>)}</dt>
                <dd>{key.does}</dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Modal>
  );
}

function SchemeItem() {
  const { setColorScheme } = useMantineColorScheme();
  const scheme = useComputedColorScheme("light");
  const other = scheme === "dark" ? "light" : "dark";
  return (
    <Menu.Item leftSection={<Icon name={other === "dark" ? "moon" : "sun"} />} onClick={() => setColorScheme(other)}>
      Turn {other}
    </Menu.Item>
  );
}

function UserMenu({ showKeys }: { showKeys: () => void }) {
  const me = useMe();
  const client = useQueryClient();
  const [, go] = useLocation();
  return (
    <Menu position="bottom-end" width={190}>
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label={`Menu of ${me.username}`}><Icon name="person" size={18} /></ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{me.username} · {me.role}</Menu.Label>
        <Menu.Item leftSection={<Icon name="person" />} onClick={() => go("/profile")}>Profile and tokens</Menu.Item>
        <SchemeItem />
        <Menu.Item leftSection={<Icon name="keyboard" />} onClick={showKeys}>Keys</Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<Icon name="leave" />} onClick={() => void signOut(client)}>Sign out</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function Navigation({ shown }: { shown: Place[] }) {
  const [path] = useLocation();
  return (
    <nav aria-label="Main">
      {shown.map((place) => {
        const here = path === place.path || path.startsWith(place.path + "/");
        return (
          <Anchor key={place.path} component={Link} href={place.path} aria-current={here ? "page" : undefined} underline="never">
            <Icon name={place.icon} size={18} />
            <span>{place.name}</span>
          </Anchor>
        );
      })}
    </nav>
  );
}

export function Shell({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const [, go] = useLocation();
  const [keysShown, showKeys] = useState(false);
  const admin = useMay("admin");
  const shown = places.filter((place) => admin || (place.path !== "/audit" && place.path !== "/status"));
  useEffect(() => startLive(client), [client]);
  useEffect(startKeys, []);
  useKeys("Everywhere", [
    { keys: "?", does: "show the keys", run: () => showKeys(true) },
    ...shown.map((place) => ({ keys: `g ${place.key}`, does: `go to ${place.name}`, run: () => go(place.path) })),
    { keys: "g p", does: "go to your profile", run: () => go("/profile") },
  ]);
  return (
    <div className="shell">
      <a className="skip" href="#main" onClick={(event) => { event.preventDefault(); document.getElementById("main")?.focus(); }}>
        To the content
      </a>
      <div className="bar">
        <Link href="/alert-groups" className="brand"><img src="./favicon.svg" width={20} height={20} alt="" /> Tocsin</Link>
        <Navigation shown={shown} />
        <div className="bar-end">
          <LiveMark />
          <UserMenu showKeys={() => showKeys(true)} />
        </div>
      </div>
      <main id="main" tabIndex={-1}>{children}</main>
      <Notices />
      {keysShown && <KeyList close={() => showKeys(false)} />}
    </div>
  );
}
