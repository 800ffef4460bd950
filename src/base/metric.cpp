#include "base/metric.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace tocsin::base {
namespace {

prometheus::Registry& registry() {
  static prometheus::Registry instance(prometheus::Registry::InsertBehavior::Merge);
  return instance;
}

}  // namespace

Counter::Counter(const std::string& name, const std::string& help, const MetricLabels& labels)
    : counter_(&prometheus::BuildCounter().Name(name).Help(help).Register(registry()).Add(labels)) {}
void Counter::add(double amount) {
  counter_->Increment(amount);
}
double Counter::value() const {
  return counter_->Value();
}

Gauge::Gauge(const std::string& name, const std::string& help, const MetricLabels& labels)
    : gauge_(&prometheus::BuildGauge().Name(name).Help(help).Register(registry()).Add(labels)) {}
void Gauge::set(double value) {
  gauge_->Set(value);
}
void Gauge::add(double amount) {
  gauge_->Increment(amount);
}

Histogram::Histogram(const std::string& name, const std::string& help, const std::vector<double>& bounds,
                     const MetricLabels& labels)
    : histogram_(&prometheus::BuildHistogram().Name(name).Help(help).Register(registry()).Add(labels, bounds)) {}
void Histogram::observe(double value) {
  histogram_->Observe(value);
}

std::string metrics_text() {
  return prometheus::TextSerializer().Serialize(registry().Collect());
}

}  // namespace tocsin::base
