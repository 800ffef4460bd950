"""Debian's own Prometheus and Alertmanager, from a rule that fires to a group that the source resolves."""
import json

from harness import eventually, expect, expect_equal, expect_in, free_port, need, scenario

RULES = """
groups:
  - name: test
    interval: 1s
    rules:
      - alert: TargetDown
        expr: up{job="victim"} == 0
        labels: {severity: critical}
        annotations: {summary: "{{ $labels.instance }} is down", runbook_url: "https://runbooks.example.org/down"}
"""


def prometheus_config(own, victim, alertmanager):
    return f"""
global: {{scrape_interval: 1s, scrape_timeout: 900ms, evaluation_interval: 1s}}
rule_files: [rules.yml]
alerting: {{alertmanagers: [{{static_configs: [{{targets: ['127.0.0.1:{alertmanager}']}}]}}]}}
scrape_configs:
  - {{job_name: prometheus, static_configs: [{{targets: ['127.0.0.1:{own}']}}]}}
  - {{job_name: victim, static_configs: [{{targets: ['127.0.0.1:{victim}']}}]}}
"""


def alertmanager_config(url):
    return f"""
global: {{resolve_timeout: 5s}}
route: {{receiver: tocsin, group_by: [alertname], group_wait: 1s, group_interval: 1s, repeat_interval: 1h}}
receivers:
  - name: tocsin
    webhook_configs: [{{url: '{url}', send_resolved: true}}]
"""


@scenario("A rule of a real Prometheus fires, is grouped, acknowledged, and resolved by the source", limit=150)
def prometheus(stage):
    prometheus_program, alertmanager_program = need("prometheus"), need("prometheus-alertmanager")
    server = stage.server("--api-rate", "100000")
    url = server.cli("integration", "create", "--type", "alertmanager", "--name", "Production").must_work().last_word
    own, manager, victim_port = free_port(), free_port(), free_port()
    stage.write("rules.yml", RULES)
    config = stage.write("prometheus.yml", prometheus_config(own, victim_port, manager))
    routes = stage.write("alertmanager.yml", alertmanager_config(url))
    stage.run("alertmanager", [alertmanager_program, f"--config.file={routes}", f"--storage.path={stage.folder / 'am'}",
                               f"--web.listen-address=127.0.0.1:{manager}", "--cluster.listen-address="])
    stage.run("prometheus", [prometheus_program, f"--config.file={config}", f"--storage.tsdb.path={stage.folder / 'tsdb'}",
                             f"--web.listen-address=127.0.0.1:{own}"])
    client = server.client()
    group = eventually(lambda: (client.ask("alert_groups/")["results"] or [None])[0], "the rule fires and arrives", 60)
    expect_equal((group["title"], group["state"]), ("TargetDown", "firing"), "the group")
    payload = group["last_alert"]["payload"]
    expect_equal((payload["status"], payload["numFiring"]), ("firing", 1), "what Alertmanager sent")
    details = client.ask(f"alert_groups/{group['id']}/details/")
    expect_in("/graph?g0.expr=", details["source_link"], "the link to Prometheus")
    expect_equal(details["grouping_key"], payload["groupKey"], "the grouping key")
    appearance = client.api("GET", f"alert_groups/{group['id']}/appearance/").must_be(200).text
    expect_in(f"127.0.0.1:{victim_port} is down", appearance, "what people see")
    expect_in("TargetDown", server.cli("groups", "--state", "firing").must_work().out, "tocsin groups")
    trace = client.ask(f"alert_groups/{group['id']}/trace/")
    expect_in("groupKey", json.dumps(trace), "the trace says how the key was found")

    client.api("POST", f"alert_groups/{group['id']}/acknowledge/").must_be(200)
    # A Tocsin is a fine scrape target: the victim comes back.
    victim = stage.server("--listen", f"127.0.0.1:{victim_port}", name="victim", start=False)
    victim.flags, victim.port = [], victim_port
    victim.start()
    resolved = eventually(lambda: (lambda g: g["state"] == "resolved" and g)(client.ask(f"alert_groups/{group['id']}/")),
                          "Alertmanager reports it as resolved", 60)
    expect(resolved["resolved_at"] and resolved["resolved_by"] is None, "resolved by the source")
    expect(resolved["alerts_count"] >= 2, "both notifications are in the group")
    kinds = [(e["kind"], e["via"]) for e in client.pages(f"alert_groups/{group['id']}/timeline/")]
    expect_equal([k for k in kinds if k[0] in ("registered", "acknowledged", "resolved")],
                 [("registered", "source"), ("acknowledged", "api"), ("resolved", "source")], "the timeline")
    expect_equal(client.ask("alert_groups/")["count"], 1, "groups in all")
