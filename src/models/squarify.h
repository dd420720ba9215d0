// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRectF>

#include <span>
#include <vector>

namespace lk::models {

/// Divides \a area into rectangles of the areas' shares that \a weights say (each above 0, the largest first), as close
/// to squares as can be. They fill it without a gap. Source: Bruls, Huizing, van Wijk, "Squarified Treemaps", 2000.
std::vector<QRectF> squarified(const QRectF &area, std::span<const double> weights);

}
