// The signed-in user's own matters: profile, API tokens, sessions.
import { Badge, Button, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { FormEvent, useMemo, useState } from "react";
import { get, patch, post, Refusal, remove } from "../api/client";
import { useMe } from "../api/session";
import type { Page, Session, SessionRow, Token, User } from "../api/types";
import { CopyLine, Failure, PageHead, usePageTitle, Waiting } from "../parts/bits";
import { When } from "../parts/When";
import { say } from "../shell/notices";

const complain = (error: unknown) => say({ text: (error as Refusal).message, bad: true });

const knownZones = () => (Intl as { supportedValuesOf?: (key: string) => string[] }).supportedValuesOf?.("timeZone") ?? [];

function About() {
  const me = useMe();
  const client = useQueryClient();
  const [name, setName] = useState(me.name ?? "");
  const [email, setEmail] = useState(me.email);
  const [phone, setPhone] = useState(me.phone ?? "");
  const [zone, setZone] = useState<string | null>(me.timezone);
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const zones = useMemo(() => [...new Set(["UTC", own, ...(me.timezone ? [me.timezone] : []), ...knownZones()])], [own, me.timezone]);
  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setWrong({});
    try {
      await patch<User>(`users/${me.id}`, { name, email, phone: phone || null, timezone: zone });
      const user = { name, email, phone, timezone: zone };
      client.setQueryData<Session>(["session"], (old) => old && { ...old, user: { ...old.user, ...user } });
      void client.invalidateQueries({ queryKey: ["users"] });
      say({ text: "Saved." });
    } catch (error) {
      setWrong((error as Refusal).fields);
      complain(error);
    } finally {
      setBusy(false);
    }
  }
  return (
    <section className="part">
      <h2>{me.username}, {me.role}</h2>
      <form onSubmit={(event) => void submit(event)}>
        <Stack maw={420}>
          <TextInput label="Full name" autoComplete="name" value={name} error={wrong.name} onChange={(event) => setName(event.currentTarget.value)} />
          <TextInput label="E-mail" type="email" autoComplete="email" value={email} error={wrong.email} onChange={(event) => setEmail(event.currentTarget.value)} />
          <TextInput label="Phone" type="tel" autoComplete="tel" description="With the country's code: +49 30 1234567" value={phone}
            error={wrong.phone} onChange={(event) => setPhone(event.currentTarget.value)} />
          <Select label="Time zone" description={`Times are shown in it. This browser's is ${own}.`} data={zones} searchable clearable limit={60}
            value={zone} error={wrong.timezone} onChange={setZone} />
          <Button type="submit" loading={busy} style={{ alignSelf: "flex-start" }}>Save</Button>
        </Stack>
      </form>
    </section>
  );
}

const expiries = [
  { value: "30", label: "In 30 days" }, { value: "365", label: "In a year" }, { value: "", label: "Never" },
];

function NewToken({ made, close }: { made: (secret: string) => void; close: () => void }) {
  const [name, setName] = useState("");
  const [days, setDays] = useState<string | null>("365");
  const [wrong, setWrong] = useState("");
  async function submit(event: FormEvent) {
    event.preventDefault();
    try {
      const expires = days ? new Date(Date.now() + Number(days) * 86400000).toISOString() : null;
      made((await post<{ token: string }>("tokens", { name, expires_at: expires })).token);
    } catch (error) {
      setWrong((error as Refusal).message);
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        <TextInput label="Name" description="What will use it" required data-autofocus value={name} error={wrong} onChange={(event) => setName(event.currentTarget.value)} />
        <Select label="Expires" data={expiries} allowDeselect={false} value={days} onChange={setDays} />
        <Group justify="flex-end"><Button variant="default" onClick={close}>Cancel</Button><Button type="submit">Create</Button></Group>
      </Stack>
    </form>
  );
}

function Tokens() {
  const client = useQueryClient();
  const tokens = useQuery({ queryKey: ["tokens"], queryFn: () => get<Page<Token>>("tokens", { perpage: 100 }) });
  const [open, setOpen] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const refresh = () => client.invalidateQueries({ queryKey: ["tokens"] });
  const close = () => {
    setOpen(false);
    setSecret(null);
  };
  const revoke = (token: Token) =>
    void remove(`tokens/${token.id}`).then(refresh).then(() => say({ text: `Revoked ${token.name}: what uses it is refused from now on.` })).catch(complain);
  if (tokens.error instanceof Refusal && tokens.error.status === 403) return null;
  return (
    <section className="part">
      <h2>API tokens</h2>
      {tokens.error && <Failure error={tokens.error} />}
      {tokens.isPending && <Waiting lines={2} />}
      {tokens.data && tokens.data.results.length === 0 && <Text size="sm" c="dimmed" mb="xs">None yet. Scripts and Terraform sign in with a token instead of a password.</Text>}
      {tokens.data && tokens.data.results.length > 0 && (
        <div className="scroll"><table>
          <thead><tr><th scope="col">Name</th><th scope="col">Created</th><th scope="col">Last used</th><th scope="col">Expires</th><th scope="col"><span className="unseen">Actions</span></th></tr></thead>
          <tbody>{tokens.data.results.map((token) => (
            <tr key={token.id}>
              <td>{token.name}</td><td><When at={token.created_at} /></td>
              <td>{token.last_used_at ? <When at={token.last_used_at} /> : "never"}</td>
              <td>{token.expires_at ? <When at={token.expires_at} /> : "never"}</td>
              <td className="number">{token.revoked_at ? <span className="dim">revoked <When at={token.revoked_at} /></span>
                : <Button size="compact-xs" variant="default" onClick={() => revoke(token)}>Revoke</Button>}</td>
            </tr>
          ))}</tbody>
        </table></div>
      )}
      <Button mt="sm" size="xs" variant="default" onClick={() => setOpen(true)}>Create a token</Button>
      {open && (
        <Modal opened onClose={close} title={secret ? "Your new token" : "Create a token"} closeButtonProps={{ "aria-label": "Close" }} size="lg">
          {secret ? (
            <Stack>
              <Text size="sm">This is the only time that it is shown.</Text>
              <CopyLine text={secret} what="the token" />
              <Text size="sm">Try it:</Text>
              <pre className="plain">{`curl -H "Authorization: ${secret}" \\\n  "${new URL("api/v1/alert_groups/?state=new", document.baseURI).href}"`}</pre>
              <Button variant="default" onClick={close} style={{ alignSelf: "flex-end" }}>Done</Button>
            </Stack>
          ) : <NewToken close={close} made={(text) => { setSecret(text); void refresh(); }} />}
        </Modal>
      )}
    </section>
  );
}

/// `Firefox on Linux`; the rest of what browsers say of themselves helps nobody.
function browserOf(agent: string): string {
  const name = /Edg\//.test(agent) ? "Edge" : /Firefox\//.test(agent) ? "Firefox" : /Chrom/.test(agent) ? "Chrome" : /Safari\//.test(agent) ? "Safari" : agent.slice(0, 40);
  const system = /Android/.test(agent) ? "Android" : /iPhone|iPad/.test(agent) ? "iOS" : /Windows/.test(agent) ? "Windows" : /Mac OS/.test(agent) ? "macOS" : /Linux/.test(agent) ? "Linux" : "";
  return system ? `${name} on ${system}` : name || "unknown";
}

function Sessions() {
  const client = useQueryClient();
  const sessions = useQuery({
    queryKey: ["sessions"],
    queryFn: async () => {
      const answer = await get<Page<SessionRow> | SessionRow[]>("sessions");
      return Array.isArray(answer) ? answer : answer.results;
    },
  });
  const end = (id: string) =>
    void remove(`sessions/${id}`).then(() => client.invalidateQueries({ queryKey: ["sessions"] })).then(() => say({ text: "Signed out there." })).catch(complain);
  return (
    <section className="part">
      <h2>Where you are signed in</h2>
      {sessions.error && <Failure error={sessions.error} />}
      {sessions.isPending && <Waiting lines={2} />}
      {sessions.data && (
        <div className="scroll"><table>
          <thead><tr><th scope="col">Browser</th><th scope="col">Address</th><th scope="col">Since</th><th scope="col">Last seen</th><th scope="col"><span className="unseen">Actions</span></th></tr></thead>
          <tbody>{sessions.data.map((session) => (
            <tr key={session.id}>
              <td title={session.user_agent}>{browserOf(session.user_agent)}</td><td>{session.address}</td>
              <td><When at={session.created_at} /></td><td><When at={session.last_seen_at} /></td>
              <td className="number">{session.current ? <Badge variant="outline" color="gray" tt="none">this one</Badge>
                : <Button size="compact-xs" variant="default" onClick={() => end(session.id)}>Sign out</Button>}</td>
            </tr>
          ))}</tbody>
        </table></div>
      )}
    </section>
  );
}

export default function Profile() {
  usePageTitle("Profile");
  return <><PageHead title="Profile" /><About /><Tokens /><Sessions /></>;
}
