"""kill -9 under load, five times on one data folder (`script/prove kill-nine` does fifty)."""
import random

import kill_nine
from harness import expect, scenario


@scenario("kill -9 under load, five rounds: nothing acknowledged is lost, nothing is there twice", alone=True, limit=180)
def kill_nine_five_times(stage):
    seed = random.randrange(1_000_000)
    server = stage.server(*kill_nine.FLAGS)
    total = 0
    for number in range(1, 6):
        wrong, acknowledged, _ = kill_nine.one_round(server, number, seed)
        expect(not wrong, f"seed {seed}, round {number}, {len(wrong)} mistakes: {wrong[:5]}")
        total += acknowledged
    expect(total > 500, f"only {total} alerts were acknowledged")
