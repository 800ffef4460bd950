// Who may sign in, as what; inviting, changing, locking out.
import { Alert, Anchor, Badge, Button, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { FormEvent, useRef, useState } from "react";
import { Link } from "wouter";
import { patch, post, Refusal } from "../api/client";
import { useMay, useMe } from "../api/session";
import type { Role, User } from "../api/types";
import { useUsers } from "../api/users";
import { CopyLine, Empty, Failure, PageHead, usePageTitle, Waiting } from "../parts/bits";
import { Icon } from "../parts/Icon";
import { say } from "../shell/notices";
import { useKeys } from "../shell/keys";

export const roles: { value: Role; label: string }[] = [
  { value: "admin", label: "Admin: everything" },
  { value: "editor", label: "Editor: acts on alert groups" },
  { value: "viewer", label: "Viewer: reads" },
  { value: "none", label: "None: signs in, sees nothing" },
];

function LinkShown({ url, name, close }: { url: string; name: string; close: () => void }) {
  return (
    <Modal opened onClose={close} title={`Sign-in link of ${name}`} size="lg" closeButtonProps={{ "aria-label": "Close" }}>
      <Stack>
        <Text size="sm">Send it to {name} yourself, over a way that others don't read. It works once, for 24 hours, and sets a password.</Text>
        <CopyLine text={url} what="the sign-in link" />
        <Button variant="default" onClick={close} style={{ alignSelf: "flex-end" }}>Done</Button>
      </Stack>
    </Modal>
  );
}

function Fields({ user, save, close, verb }: {
  user: Partial<User>; save: (change: Partial<User>) => Promise<unknown>; close: () => void; verb: string;
}) {
  const [username, setUsername] = useState(user.username ?? "");
  const [name, setName] = useState(user.name ?? "");
  const [email, setEmail] = useState(user.email ?? "");
  const [role, setRole] = useState<Role>(user.role ?? "editor");
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setWrong({});
    try {
      await save({ username, name, email, role });
    } catch (error) {
      const refusal = error as Refusal;
      setWrong(Object.keys(refusal.fields).length > 0 ? refusal.fields : { whole: refusal.message });
      setBusy(false);
    }
  }
  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        {wrong.whole && <Alert color="red" variant="outline" role="alert">{wrong.whole}</Alert>}
        <TextInput label="Name to sign in with" required data-autofocus value={username} error={wrong.username}
          onChange={(event) => setUsername(event.currentTarget.value)} />
        <TextInput label="Full name" value={name} error={wrong.name} onChange={(event) => setName(event.currentTarget.value)} />
        <TextInput label="E-mail" type="email" value={email} error={wrong.email} onChange={(event) => setEmail(event.currentTarget.value)} />
        <Select label="Role" data={roles} allowDeselect={false} value={role} error={wrong.role} onChange={(value) => setRole(value as Role)} />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>Cancel</Button>
          <Button type="submit" loading={busy}>{verb}</Button>
        </Group>
      </Stack>
    </form>
  );
}

function Row({ user, edit, invite }: { user: User; edit: () => void; invite: () => void }) {
  const me = useMe();
  const admin = useMay("admin");
  return (
    <tr>
      <td><strong>{user.username}</strong>{user.id === me.id && " (you)"}{user.name && user.name !== user.username && <><br /><Text size="xs" c="dimmed" span>{user.name}</Text></>}</td>
      <td>{user.role}{user.active === false && <Badge ml={6} variant="outline" color="gray" tt="none">deactivated</Badge>}</td>
      <td className="wide-only">{user.email}</td>
      <td className="wide-only">{user.timezone}</td>
      {admin && (
        <td><Group gap={4} justify="flex-end">
          <Button size="compact-xs" variant="default" onClick={edit}>Edit</Button>
          <Button size="compact-xs" variant="default" onClick={invite}>Sign-in link</Button>
        </Group></td>
      )}
    </tr>
  );
}

export default function Users() {
  usePageTitle("Users");
  const client = useQueryClient();
  const users = useUsers();
  const me = useMe();
  const admin = useMay("admin");
  const [text, setText] = useState("");
  const [edited, setEdited] = useState<User | "new" | null>(null);
  const [link, setLink] = useState<{ url: string; name: string } | null>(null);
  const box = useRef<HTMLInputElement>(null);
  useKeys("Users", [{ keys: "/", does: "search", run: () => box.current?.focus() }]);
  const refresh = () => client.invalidateQueries({ queryKey: ["users"] });
  const shown = (users.data?.results ?? []).filter((user) => `${user.username} ${user.name ?? ""} ${user.email}`.toLowerCase().includes(text.toLowerCase()));

  const invite = async (user: User) => {
    try {
      const { url } = await post<{ url: string }>(`users/${user.id}/signin_link`);
      setLink({ url, name: user.username });
    } catch (error) {
      say({ text: (error as Refusal).message, bad: true });
    }
  };
  const setActive = (user: User, active: boolean) =>
    void patch(`users/${user.id}`, { active }).then(refresh).then(() => {
      setEdited(null);
      say({
        text: active ? `${user.username} may sign in again.` : `Deactivated ${user.username}: signed out everywhere, tokens refused.`,
        undo: active ? undefined : () => setActive(user, true),
      });
    }).catch((error: Refusal) => say({ text: error.message, bad: true }));

  return (
    <>
      <PageHead title="Users">
        <TextInput ref={box} size="xs" aria-label="Search users" placeholder="Search" value={text} leftSection={<Icon name="search" size={14} />}
          onChange={(event) => setText(event.currentTarget.value)} />
        {admin && <Button size="xs" leftSection={<Icon name="plus" />} onClick={() => setEdited("new")}>Invite a user</Button>}
      </PageHead>
      {users.isPending && <Waiting />}
      {users.error && !users.data && <Failure error={users.error} retry={() => void users.refetch()} />}
      {shown.length > 0 && (
        <table>
          <thead><tr><th scope="col">Name</th><th scope="col">Role</th><th scope="col" className="wide-only">E-mail</th>
            <th scope="col" className="wide-only">Time zone</th>{admin && <th scope="col"><span className="unseen">Actions</span></th>}</tr></thead>
          <tbody>{shown.map((user) => <Row key={user.id} user={user} edit={() => setEdited(user)} invite={() => void invite(user)} />)}</tbody>
        </table>
      )}
      {users.data && shown.length === 0 && <Empty icon="search" title="No user of that name" />}
      {admin && users.data?.count === 1 && (
        <Text size="sm" c="dimmed" mt="md">You are alone here. Invite those who answer alerts with you, then see <Anchor component={Link} href="/integrations">Integrations</Anchor>.</Text>
      )}
      {edited && (
        <Modal opened onClose={() => setEdited(null)} title={edited === "new" ? "Invite a user" : edited.username} closeButtonProps={{ "aria-label": "Close" }}>
          <Fields user={edited === "new" ? {} : edited} verb={edited === "new" ? "Create and make a sign-in link" : "Save"} close={() => setEdited(null)}
            save={async (change) => {
              if (edited === "new") {
                const made = await post<User>("users", change);
                await refresh();
                setEdited(null);
                await invite(made);
              } else {
                await patch(`users/${edited.id}`, change);
                await refresh();
                setEdited(null);
                say({ text: "Saved." });
              }
            }} />
          {edited !== "new" && edited.id !== me.id && (
            <Button mt="md" variant="default" size="xs" onClick={() => setActive(edited, edited.active === false)}>
              {edited.active === false ? "Let in again" : "Deactivate: no sign-in, no tokens"}
            </Button>
          )}
        </Modal>
      )}
      {link && <LinkShown {...link} close={() => setLink(null)} />}
    </>
  );
}
