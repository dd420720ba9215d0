// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/settings.h"

#include <QIcon>

class QAbstractItemView;
class QSize;
class QWidget;

namespace lk::window::theme {

/// Before the first icon is made; more often does no harm.
void loadIcons();

/// Light and dark bring palettes of their own; System is what the desktop says.
void apply(Theme theme);

/// The icon resources/icons/NAME.svg in the palette's text colour, whatever the palette is when it is painted.
/// A null icon for an empty name.
QIcon icon(const QString &name);
inline QIcon icon(const char *name)
{
    return icon(QString::fromLatin1(name));
}

/// Gives a dialog the size that it would like, or as much of it as the screen has.
void fitToScreen(QWidget &dialog, const QSize &wanted);

/// Makes \a view show the icons that its model names in \a role.
void showIcons(QAbstractItemView *view, int role);

}
