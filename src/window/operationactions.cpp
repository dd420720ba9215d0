// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/operationactions.h"

#include "window/theme.h"

#include <QCoreApplication>
#include <QMenu>
#include <QToolBar>
#include <QToolButton>

#include <algorithm>
#include <utility>

namespace lk::window {

using operations::Operation;
using operations::Parameter;
using operations::Risk;

static QString translated(const char *text)
{
    return QCoreApplication::translate("Operation", text);
}

static QKeySequence shortcut(std::string_view id)
{
    static constexpr std::pair<std::string_view, QKeyCombination> Keys[] = {
        {"check", Qt::CTRL | Qt::Key_K},
        {"backup", Qt::CTRL | Qt::Key_B},
    };
    const auto *found = std::ranges::find(Keys, id, &std::pair<std::string_view, QKeyCombination>::first);
    return found == std::end(Keys) ? QKeySequence() : QKeySequence(found->second);
}

static const Parameter *choice(const Operation &operation)
{
    const auto found = std::ranges::find(operation.parameters, Parameter::Kind::Choice, &Parameter::kind);
    return found == operation.parameters.end() ? nullptr : &*found;
}

static bool hasFlags(const Operation &operation)
{
    return std::ranges::find(operation.parameters, Parameter::Kind::Flag, &Parameter::kind) !=
           operation.parameters.end();
}

OperationActions::OperationActions(QWidget *owner)
    : QObject(owner)
{
    for (const Operation *operation : operations::all()) {
        if (operation->subject == operations::Subject::Database)
            add(*operation, owner);
    }
    setEnabled(false);
}

QAction *OperationActions::make(QWidget *owner, OperationRequest request, bool dialog)
{
    auto *action = new QAction(dialog ? tr("%1…").arg(request.verb) : request.verb, owner);
    action->setStatusTip(translated(request.operation->summary));
    action->setToolTip(translated(request.operation->summary));
    connect(action, &QAction::triggered, this, [this, request = std::move(request)] { Q_EMIT requested(request); });
    m_actions.push_back(action);
    return action;
}

void OperationActions::add(const Operation &operation, QWidget *owner)
{
    const QString title = translated(operation.title);
    const bool dialog = operation.risk != Risk::Reads;
    const bool variants = choice(operation) || (!dialog && hasFlags(operation));
    QAction *top = nullptr;
    if (variants) {
        auto *menu = new QMenu(title, owner);
        addVariants(operation, owner, menu);
        top = menu->menuAction();
        m_actions.push_back(top);
    } else {
        top = make(owner, {&operation, {}, title}, dialog);
        top->setShortcut(shortcut(operation.id));
    }
    top->setObjectName(QStringLiteral("operation.%1").arg(QLatin1String(operation.id)));
    top->setIcon(theme::icon(operation.id));
    m_top.push_back(top);
}

void OperationActions::addVariants(const Operation &operation, QWidget *owner, QMenu *menu)
{
    const bool dialog = operation.risk != Risk::Reads;
    const auto named = [&](QAction *action, const char *variant) {
        action->setObjectName(
            QStringLiteral("operation.%1.%2").arg(QLatin1String(operation.id), QLatin1String(variant)));
        menu->addAction(action);
        return action;
    };
    if (const Parameter *one = choice(operation)) {
        for (const Parameter::Value &value : one->choices)
            named(make(owner, {&operation, {{one->id, std::string(value.id)}}, translated(value.title)}, dialog),
                  value.id);
        return;
    }
    named(make(owner, {&operation, {}, translated(operation.title)}, dialog), "plain")
        ->setShortcut(shortcut(operation.id));
    menu->addSeparator();
    for (const Parameter &parameter : operation.parameters) {
        if (parameter.kind != Parameter::Kind::Flag)
            continue;
        QAction *action =
            named(make(owner, {&operation, {{parameter.id, true}}, translated(parameter.title)}, dialog), parameter.id);
        action->setToolTip(translated(parameter.help));
        action->setStatusTip(translated(parameter.help));
    }
}

void OperationActions::addTo(QMenu *menu) const
{
    for (QAction *action : m_top)
        menu->addAction(action);
}

void OperationActions::addTo(QToolBar *bar) const
{
    for (QAction *action : m_top) {
        bar->addAction(action);
        auto *button = qobject_cast<QToolButton *>(bar->widgetForAction(action));
        if (button && action->menu())
            button->setPopupMode(QToolButton::InstantPopup);
    }
}

void OperationActions::setEnabled(bool enabled)
{
    for (QAction *action : m_actions)
        action->setEnabled(enabled);
}

}
