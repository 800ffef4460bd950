// Signing in by password. The page that was asked for is shown afterwards: its address stays.
import { Alert, Button, PasswordInput, Stack, Text, TextInput, Title } from "@mantine/core";
import { FormEvent, useState } from "react";
import { Refusal } from "../api/client";
import { signIn, useSignIn } from "../api/session";
import { usePageTitle } from "../parts/bits";

export function SignIn() {
  usePageTitle("Sign in");
  const keep = useSignIn();
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const [wrong, setWrong] = useState("");
  const [busy, setBusy] = useState(false);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setBusy(true);
    setWrong("");
    try {
      keep(await signIn(name, password));
    } catch (error) {
      setWrong((error as Refusal).message);
      setPassword("");
      setBusy(false);
    }
  }

  return (
    <main className="alone">
      <form onSubmit={(event) => void submit(event)}>
        <Stack>
          <Title order={1} size="h3">Sign in to Tocsin</Title>
          {wrong && <Alert color="red" variant="outline" role="alert">{wrong}</Alert>}
          <TextInput label="Name" name="username" autoComplete="username" autoFocus required value={name}
            onChange={(event) => setName(event.currentTarget.value)} />
          <PasswordInput label="Password" name="password" autoComplete="current-password" required value={password}
            onChange={(event) => setPassword(event.currentTarget.value)} />
          <Button type="submit" loading={busy}>Sign in</Button>
          <Text size="sm" c="dimmed">
            Locked out? An admin can make you a new link, and so can the command line of the server:{" "}
            <code>tocsin user signin-link NAME</code>
          </Text>
        </Stack>
      </form>
    </main>
  );
}
