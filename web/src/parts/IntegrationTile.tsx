/// Stands for a type of integration: two letters of its name. No logos: they are other people's.
export function IntegrationTile({ name }: { name: string }) {
  const words = name.replace(/[^\p{L}\p{N} ]/gu, "").split(" ").filter(Boolean);
  const letters = words.length > 1 ? words[0][0] + words[1][0].toUpperCase() : name.slice(0, 2);
  return <span className="mono-tile" aria-hidden="true">{letters}</span>;
}
