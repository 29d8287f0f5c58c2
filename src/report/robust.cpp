// SPDX-License-Identifier: Apache-2.0
#include "report/robust.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace report {

double median(std::vector<double> values) {
    if (values.empty()) {
        return 0;
    }
    std::ranges::sort(values);
    const std::size_t middle = values.size() / 2;
    return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

double scaled_mad(const std::vector<double>& values) {
    const double center = median(values);
    std::vector<double> deviations;
    deviations.reserve(values.size());
    for (const double value : values) {
        deviations.push_back(std::abs(value - center));
    }
    constexpr double normal = 1.4826;
    return normal * median(std::move(deviations));
}

double robust_score(double value, const std::vector<double>& others, double least_scale) {
    return (value - median(others)) / std::max(scaled_mad(others), least_scale);
}

double robust_slope(const std::vector<double>& x, const std::vector<double>& y) {
    std::vector<double> slopes;
    for (std::size_t i = 0; i < x.size(); ++i) {
        for (std::size_t j = i + 1; j < x.size(); ++j) {
            if (x[j] > x[i]) {
                slopes.push_back((y[j] - y[i]) / (x[j] - x[i]));
            }
        }
    }
    return median(std::move(slopes));
}

}  // namespace report
