// Small parts that many pages use.
import { ActionIcon, Alert, Anchor, Button, CopyButton as Copy, Group, Skeleton, Stack, Text, Title, Tooltip } from "@mantine/core";
import { ReactNode, useEffect } from "react";
import { Link } from "wouter";
import type { Label } from "../api/types";
import { Icon, IconName } from "./Icon";

export function usePageTitle(title: string) {
  useEffect(() => {
    document.title = `${title} · Tocsin`;
  }, [title]);
}

export function CopyButton({ text, what }: { text: string; what: string }) {
  return (
    <Copy value={text}>
      {({ copied, copy }) => (
        <Button
          variant="default" size="xs" onClick={copy} aria-label={`Copy ${what}`}
          leftSection={<Icon name={copied ? "check" : "copy"} />}
        >
          {copied ? "Copied" : "Copy"}
        </Button>
      )}
    </Copy>
  );
}

/// An address or a secret that people carry elsewhere.
export function CopyLine({ text, what }: { text: string; what: string }) {
  return (
    <div className="copy-line">
      <code>{text}</code>
      <CopyButton text={text} what={what} />
    </div>
  );
}

export function Labels({ labels }: { labels: Label[] }) {
  return (
    <>
      {labels.map(({ key, value }) => (
        <span key={key.name} className="label">
          {key.name}: {value.name}
        </span>
      ))}
    </>
  );
}

/// What went wrong, what it means, what to do.
export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  return (
    <Alert color="red" variant="outline" title="This could not be loaded" icon={<Icon name="warning" />}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{error instanceof Error ? error.message : String(error)}</Text>
        {retry && (
          <Button size="xs" variant="default" onClick={retry}>
            Try again
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

export function Waiting({ lines = 6 }: { lines?: number }) {
  return (
    <Stack gap={6} aria-busy="true" aria-label="Loading">
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} height={34} radius="sm" />
      ))}
    </Stack>
  );
}

/// Nothing is here, and what to do next.
export function Empty({ icon, title, children }: { icon: IconName; title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <Icon name={icon} size={28} />
      <Title order={2} size="h4">{title}</Title>
      {children}
    </div>
  );
}

export function PageHead({ title, back, children }: { title: ReactNode; back?: [string, string]; children?: ReactNode }) {
  return (
    <header className="page-head">
      <div>
        {back && (
          <Anchor component={Link} href={back[0]} className="back">
            <Icon name="left" size={14} /> {back[1]}
          </Anchor>
        )}
        <Title order={1} size="h3">{title}</Title>
      </div>
      {children && <Group gap="xs">{children}</Group>}
    </header>
  );
}

export function IconButton({ icon, label, onClick, disabled }: {
  icon: IconName; label: string; onClick: () => void; disabled?: boolean;
}) {
  return (
    <Tooltip label={label} openDelay={300}>
      <ActionIcon variant="default" size="md" aria-label={label} onClick={onClick} disabled={disabled}>
        <Icon name={icon} />
      </ActionIcon>
    </Tooltip>
  );
}

export function Pages({ page, total, go }: { page: number; total: number; go: (page: number) => void }) {
  if (total <= 1) return null;
  return (
    <Group gap="xs" justify="center" mt="sm" component="nav" aria-label="Pages">
      <Button size="xs" variant="default" disabled={page <= 1} onClick={() => go(page - 1)}>Earlier page</Button>
      <Text size="sm">Page {page} of {total}</Text>
      <Button size="xs" variant="default" disabled={page >= total} onClick={() => go(page + 1)}>Next page</Button>
    </Group>
  );
}
