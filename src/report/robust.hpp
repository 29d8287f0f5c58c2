// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

namespace report {

// The middle value; of an even number of values the mean of the two in the middle; 0 without any.
double median(std::vector<double> values);

// Median absolute deviation times 1.4826, which for normal values is the standard deviation, and
// which half of the values cannot spoil.
double scaled_mad(const std::vector<double>& values);

// How many scaled deviations the value lies above the median of the others, but at least
// `least_scale` each.
double robust_score(double value, const std::vector<double>& others, double least_scale);

// Theil-Sen: the median slope between all pairs of points; 0 with fewer than two. x must rise.
double robust_slope(const std::vector<double>& x, const std::vector<double>& y);

}  // namespace report
