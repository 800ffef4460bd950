// A one-time link: the first admin, an invited user or one who forgot the password chooses name and password.
import { Alert, Anchor, Button, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { FormEvent, useEffect, useState } from "react";
import { Link, useLocation } from "wouter";
import { get, post, Refusal } from "../api/client";
import { useSignIn } from "../api/session";
import type { Session } from "../api/types";
import { Empty, Failure, usePageTitle, Waiting } from "../parts/bits";

interface LinkFacts {
  username: string;
  name: string;
  email: string;
  purpose: "first" | "invite" | "reset";
}

const heads = {
  first: ["Welcome to Tocsin", "You are this server's first admin. Choose a name and a password."],
  invite: ["Welcome to Tocsin", "Check your name and choose a password."],
  reset: ["A new password", "Choose a new password. The link works once."],
} as const;

const shortest = 10;

function Form({ secret, facts }: { secret: string; facts: LinkFacts }) {
  const keep = useSignIn();
  const [, go] = useLocation();
  const [username, setUsername] = useState(facts.username);
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [wrong, setWrong] = useState<Record<string, string>>({});
  const [busy, setBusy] = useState(false);
  const [title, text] = heads[facts.purpose];

  async function submit(event: FormEvent) {
    event.preventDefault();
    if (password !== again) return setWrong({ again: "The two passwords differ." });
    setBusy(true);
    setWrong({});
    try {
      const body = facts.purpose === "reset" ? { password } : { username, password };
      keep(await post<Session>(`signin_links/${encodeURIComponent(secret)}`, body));
      go("/alert-groups", { replace: true });
    } catch (error) {
      const refusal = error as Refusal;
      const known = refusal.fields.username || refusal.fields.password;
      setWrong(known ? refusal.fields : { whole: refusal.message });
      setBusy(false);
    }
  }

  return (
    <form onSubmit={(event) => void submit(event)}>
      <Stack>
        <Title order={1} size="h3">{title}</Title>
        <Text size="sm">{text}</Text>
        {wrong.whole && <Alert color="red" variant="outline" role="alert">{wrong.whole}</Alert>}
        <TextInput label="Name" name="username" autoComplete="username" required value={username} error={wrong.username}
          readOnly={facts.purpose === "reset"} onChange={(event) => setUsername(event.currentTarget.value)} />
        <PasswordInput label="Password" name="password" description={`At least ${shortest} characters`} required
          autoComplete="new-password" minLength={shortest} autoFocus value={password} error={wrong.password}
          onChange={(event) => setPassword(event.currentTarget.value)} />
        <PasswordInput label="The password again" name="again" required autoComplete="new-password" value={again}
          error={wrong.again} onChange={(event) => setAgain(event.currentTarget.value)} />
        <Button type="submit" loading={busy}>Set the password and sign in</Button>
      </Stack>
    </form>
  );
}

export function SignInLink({ secret }: { secret: string }) {
  usePageTitle("Sign in");
  // Asked for once: the form must not change under the hand.
  const link = useQuery({
    queryKey: ["signin_link", secret],
    queryFn: () => get<LinkFacts>(`signin_links/${encodeURIComponent(secret)}`),
    staleTime: Infinity,
  });
  useEffect(() => {
    document.querySelector<HTMLElement>("h1")?.focus();
  }, []);
  const gone = link.error instanceof Refusal && link.error.status === 404;
  return (
    <main className="alone">
      {link.isPending && <Waiting lines={4} />}
      {link.data && <Form secret={secret} facts={link.data} />}
      {gone && (
        <Empty icon="key" title="This link does not work any more">
          <Text size="sm">
            Each link works once, for 24 hours. <Anchor component={Link} href="/">Sign in</Anchor>, ask an admin for a new
            one, or make one on the server: <code>tocsin user signin-link NAME</code>
          </Text>
        </Empty>
      )}
      {link.error && !gone && <Failure error={link.error} retry={() => void link.refetch()} />}
    </main>
  );
}
