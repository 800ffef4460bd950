export default function Audit(_: { id?: string; tab?: string }) { return null; }
