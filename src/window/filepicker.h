// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "base/path.h"

#include <QString>

#include <functional>
#include <vector>

class QWidget;

namespace lk::window {

// Dialogs that don't block; \a take is called once if the person chose something. They come from Qt or the desktop and
// speak text, so a name that isn't UTF-8 can't be chosen here; dropping it or the command line can.
void pickFolder(QWidget *parent, const QString &title, const Path &start, std::function<void(const Path &)> take);
/// One of another machine, whose folders can't be shown.
void typeFolder(QWidget *parent, const QString &title, const Path &start, std::function<void(const Path &)> take);
void pickFiles(QWidget *parent, const QString &title, std::function<void(const std::vector<Path> &)> take);
void pickNewFile(QWidget *parent, const QString &title, const QString &name, const QString &filter,
                 std::function<void(const Path &)> take);

}
