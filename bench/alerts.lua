-- Requests for wrk: Alertmanager notifications of about 1.5 KB, over one of `settled` group keys, and one in `fresh`
-- with a key that nobody has seen. Arguments after `--`: PATH SETTLED FRESH SEED. `done` prints the figures as JSON.

local thread_count = 0

function setup(thread)
  thread:set("number", thread_count)
  thread_count = thread_count + 1
end

local function body(name)
  local labels = '"alertname":"' .. name .. '","cluster":"eu-1","severity":"warning","team":"storage"'
  local notes = '{"summary":"Less than 10% of disk space left","runbook_url":"https://runbooks.example.org/disk"}'
  local alerts = {}
  for i = 1, 2 do
    alerts[i] = '{"status":"firing","labels":{' .. labels .. ',"instance":"db-' .. i .. ':9100","mountpoint":"/var"},"annotations":' ..
      notes .. ',"startsAt":"2026-01-15T03:12:00Z","endsAt":"0001-01-01T00:00:00Z","generatorURL":' ..
      '"http://prometheus.example.org:9090/graph?g0.expr=node_filesystem_avail_bytes&g0.tab=1","fingerprint":"8a1f0c3d5e7b9a2' .. i .. '"}'
  end
  return '{"receiver":"tocsin","status":"firing","alerts":[' .. table.concat(alerts, ",") ..
    '],"groupLabels":{"alertname":"' .. name .. '","cluster":"eu-1"},"commonLabels":{' .. labels .. '},"commonAnnotations":' .. notes ..
    ',"externalURL":"http://alertmanager.example.org:9093","version":"4","groupKey":"{}/{team=\\"storage\\"}:{alertname=\\"' .. name ..
    '\\", cluster=\\"eu-1\\"}","truncatedAlerts":0}'
end

local function request_of(name)
  return wrk.format("POST", path, {["Content-Type"] = "application/json", ["Host"] = "127.0.0.1"}, body(name))
end

function init(arguments)
  path, settled, fresh, seed = arguments[1], tonumber(arguments[2]), tonumber(arguments[3]), arguments[4]
  ready, sent = {}, 0
  for i = 1, settled do
    ready[i] = request_of("Settled" .. i)
  end
end

function request()
  sent = sent + 1
  if fresh > 0 and sent % fresh == 0 then
    return request_of("Fresh" .. seed .. "x" .. number .. "x" .. sent)
  end
  return ready[sent % settled + 1]
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format('\nFIGURES {"requests":%d,"microseconds":%d,"p50":%.3f,"p99":%.3f,"max":%.3f,"refused":%d,"broken":%d}\n',
    summary.requests, summary.duration, latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000,
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
