import { Button, Menu, MantineSize } from "@mantine/core";
import { Icon } from "./Icon";

const lengths: [string, number][] = [
  ["30 minutes", 1800], ["1 hour", 3600], ["2 hours", 7200], ["6 hours", 21600], ["12 hours", 43200], ["24 hours", 86400],
  ["7 days", 604800], ["For ever", -1],
];

export function SilenceMenu({ silence, size, disabled }: {
  silence: (seconds: number) => void; size: MantineSize | "compact-sm"; disabled?: boolean;
}) {
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <Button size={size} variant="default" disabled={disabled} rightSection={<Icon name="down" size={14} />}>Silence</Button>
      </Menu.Target>
      <Menu.Dropdown>
        {lengths.map(([name, seconds]) => (
          <Menu.Item key={name} onClick={() => silence(seconds)}>{name}</Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
