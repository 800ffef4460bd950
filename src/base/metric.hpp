// The metric face: counters, gauges and histograms with their help text, registered once and kept by the
// caller as a handle; the exposition in Prometheus' text format. Any thread. prometheus-cpp stays in metric.cpp.
#pragma once

#include <initializer_list>
#include <map>
#include <string>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
}  // namespace prometheus

namespace tocsin::base {

using MetricLabels = std::map<std::string, std::string>;

/// Something that only grows. Copyable handle; the metric lives as long as the process.
class Counter {
 public:
  Counter(const std::string& name, const std::string& help, const MetricLabels& labels = {});
  void add(double amount = 1);
  double value() const;

 private:
  prometheus::Counter* counter_;
};

/// Something that goes up and down.
class Gauge {
 public:
  Gauge(const std::string& name, const std::string& help, const MetricLabels& labels = {});
  void set(double value);
  void add(double amount);

 private:
  prometheus::Gauge* gauge_;
};

/// A distribution, in seconds or bytes as its name says.
class Histogram {
 public:
  Histogram(const std::string& name, const std::string& help, const std::vector<double>& bounds,
            const MetricLabels& labels = {});
  void observe(double value);

 private:
  prometheus::Histogram* histogram_;
};

/// Every metric of the process, in Prometheus' text format 0.0.4.
std::string metrics_text();

}  // namespace tocsin::base
