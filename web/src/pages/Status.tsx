export default function Status(_: { id?: string; tab?: string }) { return null; }
