import { Anchor, Text } from "@mantine/core";
import { Link } from "wouter";
import { Empty, usePageTitle } from "../parts/bits";

export function NotFound() {
  usePageTitle("Not found");
  return (
    <Empty icon="search" title="There is no such page">
      <Text size="sm">The address may be old or cut off. <Anchor component={Link} href="/alert-groups">To the alert groups</Anchor></Text>
    </Empty>
  );
}
