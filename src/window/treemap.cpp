// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/treemap.h"

#include "models/spacemodel.h"
#include "models/squarify.h"

#include <QAccessibleWidget>
#include <QHelpEvent>
#include <QItemSelectionModel>
#include <QKeyEvent>
#include <QPainter>
#include <QStyleOptionFocusRect>
#include <QToolTip>

#include <algorithm>
#include <cmath>

namespace lk::window {

using models::SpaceModel;

/// Smaller rectangles can't be hit; in pixels, of the shorter side.
static constexpr int SmallestSide = 3;

/// Says which item is the current one, and what there is to say of it.
class AccessibleTreeMap final : public QAccessibleWidget
{
public:
    explicit AccessibleTreeMap(TreeMap *map)
        : QAccessibleWidget(map, QAccessible::Chart)
        , m_map(map)
    {
    }
    QString text(QAccessible::Text kind) const override
    {
        return kind == QAccessible::Value ? m_map->currentText() : QAccessibleWidget::text(kind);
    }

private:
    const TreeMap *m_map;
};

static QAccessibleInterface *makeAccessible(const QString &, QObject *object)
{
    auto *map = qobject_cast<TreeMap *>(object);
    return map ? new AccessibleTreeMap(map) : nullptr;
}

TreeMap::TreeMap(QWidget *parent)
    : QWidget(parent)
{
    QAccessible::installFactory(makeAccessible); // more often does no harm
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Map of what takes up the room"));
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
}

void TreeMap::setModel(const SpaceModel *model, QItemSelectionModel *selection)
{
    m_model = model;
    m_selection = selection;
    connect(model, &QAbstractItemModel::modelAboutToBeReset, this, [this] { m_tiles.clear(); });
    connect(model, &QAbstractItemModel::modelReset, this, &TreeMap::arrange);
    connect(selection, &QItemSelectionModel::currentChanged, this, [this] {
        update();
        QAccessibleValueChangeEvent changed(this, currentText());
        QAccessible::updateAccessibility(&changed);
    });
    arrange();
}

QSize TreeMap::sizeHint() const
{
    return {fontMetrics().averageCharWidth() * 40, fontMetrics().lineSpacing() * 12};
}

QSize TreeMap::minimumSizeHint() const
{
    return {fontMetrics().averageCharWidth() * 16, fontMetrics().lineSpacing() * 5};
}

// Rectangles ---------------------------------------------------------------------------------------------------------

int TreeMap::titleHeight() const
{
    return fontMetrics().height() + 2;
}

void TreeMap::arrange()
{
    m_tiles.clear();
    if (m_model && m_model->rowCount() > 0)
        arrangeLevel({}, rect(), -1);
    update();
}

/// From the reading direction's side; rows are sorted, so those that are too small come last.
void TreeMap::arrangeLevel(const QModelIndex &parent, const QRect &area, int family)
{
    std::vector<double> weights;
    for (int row = 0; row < m_model->rowCount(parent); ++row) {
        const auto bytes = m_model->index(row, 0, parent).data(SpaceModel::BytesRole).toULongLong();
        if (bytes == 0)
            break;
        weights.push_back(static_cast<double>(bytes));
    }
    const std::vector<QRectF> rectangles = models::squarified(area, weights);
    for (std::size_t i = 0; i < rectangles.size(); ++i) {
        // Edges are rounded, not sizes: neighbours then share them.
        const QRectF &exact = rectangles[i];
        QRect rectangle(QPoint(qRound(exact.left()), qRound(exact.top())),
                        QPoint(qRound(exact.right()) - 1, qRound(exact.bottom()) - 1));
        if (std::min(rectangle.width(), rectangle.height()) < SmallestSide)
            continue;
        const QModelIndex index = m_model->index(static_cast<int>(i), 0, parent);
        const int of = family < 0 ? index.row() : family;
        const QRect inside = rectangle.adjusted(3, titleHeight(), -3, -3);
        const bool divided = m_model->rowCount(index) > 0 && inside.width() > 12 && inside.height() > 12;
        if (layoutDirection() == Qt::RightToLeft)
            rectangle.moveLeft(width() - 1 - rectangle.right());
        m_tiles.push_back({rectangle, index, of, divided});
        if (divided)
            arrangeLevel(index, inside, of);
    }
}

QRect TreeMap::visualRect(const QModelIndex &index) const
{
    const auto found = std::ranges::find(m_tiles, index.siblingAtColumn(0), &Tile::index);
    return found == m_tiles.end() ? QRect() : found->rectangle;
}

QModelIndex TreeMap::indexAt(const QPoint &position) const
{
    const auto found = std::find_if(m_tiles.rbegin(), m_tiles.rend(),
                                    [&](const Tile &tile) { return tile.rectangle.contains(position); });
    return found == m_tiles.rend() ? QModelIndex() : found->index;
}

// Painting -----------------------------------------------------------------------------------------------------------

static QColor mixed(const QColor &a, const QColor &b, float share)
{
    const auto mix = [share](float one, float other) { return one + (other - one) * share; };
    return QColor::fromRgbF(mix(a.redF(), b.redF()), mix(a.greenF(), b.greenF()), mix(a.blueF(), b.blueF()));
}

/// Families differ by hue, faintly: the text on them must be readable in light and dark. Neighbours in size are far
/// from each other on the wheel.
QColor TreeMap::colour(const Tile &tile) const
{
    const QColor base = palette().color(QPalette::Base);
    const auto kind = static_cast<SpaceModel::Kind>(tile.index.data(SpaceModel::KindRole).toInt());
    if (kind == SpaceModel::Kind::Free || kind == SpaceModel::Kind::Unused || kind == SpaceModel::Kind::Other)
        return mixed(base, palette().color(QPalette::Text), 0.08f);
    const float hue = static_cast<float>(std::fmod(0.56 + tile.family * 0.618034, 1.0));
    const float share = tile.divided ? 0.2f : kind == SpaceModel::Kind::Index ? 0.3f : 0.42f;
    return mixed(base, QColor::fromHsvF(hue, 0.65f, base.lightness() < 128 ? 0.75f : 0.9f), share);
}

void TreeMap::paintTile(QPainter &painter, const Tile &tile) const
{
    painter.fillRect(tile.rectangle, colour(tile));
    const auto kind = static_cast<SpaceModel::Kind>(tile.index.data(SpaceModel::KindRole).toInt());
    if (kind == SpaceModel::Kind::Free || kind == SpaceModel::Kind::Unused)
        painter.fillRect(tile.rectangle, QBrush(palette().color(QPalette::Mid), Qt::BDiagPattern));
    painter.setPen(palette().color(QPalette::Base));
    painter.drawRect(tile.rectangle.adjusted(0, 0, -1, -1));
    const QRect inside = tile.rectangle.adjusted(4, 1, -4, -1);
    if (inside.width() < fontMetrics().averageCharWidth() * 4 || inside.height() < fontMetrics().height())
        return;
    QString text = tile.index.data().toString();
    const QString size = tile.index.siblingAtColumn(SpaceModel::SizeColumn).data().toString();
    const bool twoLines = !tile.divided && inside.height() >= 2 * fontMetrics().lineSpacing();
    if (!twoLines)
        text += QStringLiteral("  ") + size;
    text = fontMetrics().elidedText(text, Qt::ElideRight, inside.width());
    if (twoLines)
        text += QLatin1Char('\n') + fontMetrics().elidedText(size, Qt::ElideRight, inside.width());
    painter.setPen(palette().color(QPalette::Text));
    painter.drawText(inside, static_cast<int>(Qt::AlignLeading | Qt::AlignTop), text);
}

void TreeMap::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), palette().color(QPalette::Base));
    painter.setLayoutDirection(layoutDirection());
    for (const Tile &tile : m_tiles)
        paintTile(painter, tile);
    const Tile *current = currentTile();
    if (!current)
        return;
    QPen pen(palette().color(hasFocus() ? QPalette::Active : QPalette::Inactive, QPalette::Highlight), 3);
    pen.setJoinStyle(Qt::MiterJoin);
    painter.setPen(pen);
    painter.drawRect(current->rectangle.adjusted(1, 1, -2, -2));
    if (!hasFocus())
        return;
    QStyleOptionFocusRect option;
    option.initFrom(this);
    option.rect = current->rectangle.adjusted(4, 4, -4, -4);
    option.backgroundColor = colour(*current);
    style()->drawPrimitive(QStyle::PE_FrameFocusRect, &option, &painter, this);
}

void TreeMap::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void TreeMap::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LayoutDirectionChange || event->type() == QEvent::FontChange)
        arrange();
}

// Keys and mouse -----------------------------------------------------------------------------------------------------

const TreeMap::Tile *TreeMap::currentTile() const
{
    if (!m_selection)
        return nullptr;
    const auto found = std::ranges::find(m_tiles, m_selection->currentIndex().siblingAtColumn(0), &Tile::index);
    return found == m_tiles.end() ? nullptr : &*found;
}

QString TreeMap::currentText() const
{
    return m_selection ? m_model->explanation(m_selection->currentIndex()) : QString();
}

void TreeMap::setCurrent(const QModelIndex &index)
{
    if (m_selection && index.isValid())
        m_selection->setCurrentIndex(index, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
}

bool TreeMap::event(QEvent *event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto *help = static_cast<QHelpEvent *>(event);
    const QModelIndex index = indexAt(help->pos());
    QToolTip::showText(help->globalPos(), index.data(Qt::ToolTipRole).toString(), this, visualRect(index));
    return true;
}

void TreeMap::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        setCurrent(indexAt(event->position().toPoint()));
}

void TreeMap::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (const QModelIndex index = indexAt(event->position().toPoint()); index.isValid())
        Q_EMIT activated(index);
}

void TreeMap::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    if (!currentTile() && !m_tiles.empty())
        setCurrent(m_tiles.front().index);
    update();
}

/// How far \a to lies from \a from in the direction of \a key, the way across counted more; negative if it doesn't.
static double distance(const QRect &from, const QRect &to, Qt::Key key)
{
    const QPointF way = QRectF(to).center() - QRectF(from).center();
    switch (key) {
    case Qt::Key_Left:
        return to.right() <= from.left() ? -way.x() + 2 * std::abs(way.y()) : -1;
    case Qt::Key_Right:
        return to.left() >= from.right() ? way.x() + 2 * std::abs(way.y()) : -1;
    case Qt::Key_Up:
        return to.bottom() <= from.top() ? -way.y() + 2 * std::abs(way.x()) : -1;
    case Qt::Key_Down:
        return to.top() >= from.bottom() ? way.y() + 2 * std::abs(way.x()) : -1;
    default:
        return -1;
    }
}

/// The nearest rectangle that holds no others; from one that does, the first in it.
const TreeMap::Tile *TreeMap::neighbour(const Tile &from, Qt::Key key) const
{
    if (from.divided)
        return &from + 1;
    const Tile *nearest = nullptr;
    double shortest = 0;
    for (const Tile &tile : m_tiles) {
        const double far = tile.divided ? -1 : distance(from.rectangle, tile.rectangle, key);
        if (far >= 0 && (!nearest || far < shortest)) {
            nearest = &tile;
            shortest = far;
        }
    }
    return nearest;
}

void TreeMap::keyPressEvent(QKeyEvent *event)
{
    if (m_tiles.empty())
        return QWidget::keyPressEvent(event);
    const Tile *current = currentTile();
    switch (const auto key = static_cast<Qt::Key>(event->key())) {
    case Qt::Key_Home:
        return setCurrent(m_tiles.front().index);
    case Qt::Key_End:
        return setCurrent(m_tiles.back().index);
    case Qt::Key_Left:
    case Qt::Key_Right:
    case Qt::Key_Up:
    case Qt::Key_Down:
        if (!current)
            return setCurrent(m_tiles.front().index);
        if (const Tile *next = neighbour(*current, key))
            setCurrent(next->index);
        return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
        if (current)
            Q_EMIT activated(current->index);
        return;
    default:
        QWidget::keyPressEvent(event);
    }
}

}
