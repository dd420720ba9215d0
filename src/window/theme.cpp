// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/theme.h"

#include "window/icondelegate.h"
#include "window/tintedicon.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QPalette>
#include <QScreen>
#include <QStyle>
#include <QStyleFactory>

/// A static library's resources are not found by themselves; the macro must stand outside of namespaces.
static void initializeResources()
{
    Q_INIT_RESOURCE(litekeeper);
}

namespace lk::window::theme {

struct Colours
{
    QRgb window, base, alternate, text, button, border, highlight, highlightedText, disabled, link;
};

static constexpr Colours Light{0xfff3f4f5, 0xffffffff, 0xfff7f8f9, 0xff1d2326, 0xffe9ebed,
                               0xffb9bfc4, 0xff1f6f93, 0xffffffff, 0xff8b949a, 0xff135a7d};
static constexpr Colours Dark{0xff24282b, 0xff1b1e20, 0xff212527, 0xffe4e7e9, 0xff33383c,
                              0xff4b5257, 0xff2b7da3, 0xffffffff, 0xff7b8388, 0xff79c1e4};

static QPalette palette(const Colours &colours)
{
    QPalette palette(QColor(colours.button), QColor(colours.window));
    palette.setColor(QPalette::Window, QColor(colours.window));
    palette.setColor(QPalette::Base, QColor(colours.base));
    palette.setColor(QPalette::AlternateBase, QColor(colours.alternate));
    palette.setColor(QPalette::Button, QColor(colours.button));
    palette.setColor(QPalette::ToolTipBase, QColor(colours.base));
    palette.setColor(QPalette::Mid, QColor(colours.border));
    palette.setColor(QPalette::Highlight, QColor(colours.highlight));
    palette.setColor(QPalette::HighlightedText, QColor(colours.highlightedText));
    palette.setColor(QPalette::Link, QColor(colours.link));
    palette.setColor(QPalette::PlaceholderText, QColor(colours.disabled));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText}) {
        palette.setColor(role, QColor(colours.text));
        palette.setColor(QPalette::Disabled, role, QColor(colours.disabled));
    }
    palette.setColor(QPalette::Disabled, QPalette::Highlight, QColor(colours.border));
    return palette;
}

void loadIcons()
{
    initializeResources();
}

void apply(Theme theme)
{
    static const QString systemStyle = QApplication::style()->objectName();
    if (theme == Theme::System) {
        QApplication::setStyle(QStyleFactory::create(systemStyle));
        QApplication::setPalette(QPalette());
        return;
    }
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QApplication::setPalette(palette(theme == Theme::Light ? Light : Dark));
}

QIcon icon(const QString &name)
{
    return name.isEmpty() ? QIcon() : QIcon(new TintedIcon(name));
}

void fitToScreen(QWidget &dialog, const QSize &wanted)
{
    dialog.resize(wanted.boundedTo(dialog.screen()->availableSize()));
}

void showIcons(QAbstractItemView *view, int role)
{
    view->setItemDelegate(new IconDelegate(role, view));
}

}
