// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/squarify.h"

#include <algorithm>
#include <numeric>

namespace lk::models {

/// How far from a square the worst rectangle of a row is, from 1 up. \a side is the row's length, \a sum its area.
static double worst(double largest, double smallest, double sum, double side)
{
    const double square = side * side;
    return std::max(square * largest / (sum * sum), sum * sum / (square * smallest));
}

/// Lays \a row along the shorter side of \a free, and takes it off.
static void lay(std::span<const double> row, double sum, QRectF &free, std::vector<QRectF> &into)
{
    const bool upright = free.width() >= free.height();
    const double side = upright ? free.height() : free.width();
    const double depth = sum / side;
    double at = 0;
    for (const double weight : row) {
        const double length = weight / depth;
        into.push_back(upright ? QRectF(free.left(), free.top() + at, depth, length)
                               : QRectF(free.left() + at, free.top(), length, depth));
        at += length;
    }
    if (upright)
        free.setLeft(free.left() + depth);
    else
        free.setTop(free.top() + depth);
}

std::vector<QRectF> squarified(const QRectF &area, std::span<const double> weights)
{
    std::vector<QRectF> rectangles;
    const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
    if (area.isEmpty() || total <= 0)
        return rectangles;
    std::vector<double> areas(weights.begin(), weights.end());
    for (double &one : areas)
        one *= area.width() * area.height() / total;
    rectangles.reserve(areas.size());
    QRectF free = area;
    for (std::size_t first = 0; first < areas.size();) {
        const double side = std::min(free.width(), free.height());
        if (!(side > 0)) { // the first ones took what a double can hold
            rectangles.resize(areas.size());
            break;
        }
        double sum = areas[first];
        std::size_t end = first + 1;
        while (end < areas.size() && worst(areas[first], areas[end], sum + areas[end], side) <=
                                         worst(areas[first], areas[end - 1], sum, side)) {
            sum += areas[end];
            ++end;
        }
        lay(std::span(areas).subspan(first, end - first), sum, free, rectangles);
        first = end;
    }
    return rectangles;
}

}
