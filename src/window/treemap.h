// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPersistentModelIndex>
#include <QWidget>

#include <vector>

class QItemSelectionModel;

namespace lk::models {
class SpaceModel;
}

namespace lk::window {

/// What takes up the room in a database as areas: each item a rectangle of its share, what belongs to it inside of it.
/// Its current item is the selection model's, so a list of the same model is its twin. Arrow keys go to the rectangle
/// next in that direction, Home and End to the first and the last, Enter asks to see more. What would be too small to
/// hit is left to the list.
class TreeMap final : public QWidget
{
    Q_OBJECT

public:
    explicit TreeMap(QWidget *parent = nullptr);

    /// Both must outlive this; the selection model belongs to the list.
    void setModel(const models::SpaceModel *model, QItemSelectionModel *selection);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    /// The rectangle of \a index, where it has one.
    QRect visualRect(const QModelIndex &index) const;
    /// The smallest rectangle at \a position.
    QModelIndex indexAt(const QPoint &position) const;
    /// "messages: 4.1 MiB, 62 % of the file …"; empty without a current item.
    QString currentText() const;

Q_SIGNALS:
    /// Enter or a double click.
    void activated(const QModelIndex &index);

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;

private:
    struct Tile
    {
        QRect rectangle;
        QModelIndex index;
        int family = 0;       ///< the row of the first level it belongs to, for its colour
        bool divided = false; ///< holds others
    };

    void arrange();
    void arrangeLevel(const QModelIndex &parent, const QRect &area, int family);
    int titleHeight() const;
    QColor colour(const Tile &tile) const;
    void paintTile(QPainter &painter, const Tile &tile) const;
    void setCurrent(const QModelIndex &index);
    const Tile *currentTile() const;
    const Tile *neighbour(const Tile &from, Qt::Key key) const;

    const models::SpaceModel *m_model = nullptr;
    QItemSelectionModel *m_selection = nullptr;
    std::vector<Tile> m_tiles; ///< those that hold others before what they hold
};

}
