// The state of an alert group: a colour, an icon and a word, always together.
import type { State } from "../api/types";
import { Icon, IconName } from "./Icon";

export const states: State[] = ["firing", "acknowledged", "silenced", "resolved"];

const icons: Record<State, IconName> = { firing: "fire", acknowledged: "hand", silenced: "mute", resolved: "check" };
const words: Record<State, string> = {
  firing: "Firing",
  acknowledged: "Acknowledged",
  silenced: "Silenced",
  resolved: "Resolved",
};

export const wordOf = (state: State) => words[state];

export function StateMark({ state }: { state: State }) {
  return (
    <span className={`state state-${state}`}>
      <Icon name={icons[state]} size={14} />
      {words[state]}
    </span>
  );
}
