// SPDX-License-Identifier: GPL-3.0-or-later
#include "window/operationactions.h"

#include "models/elsewhere.h"
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

/// Where an operation stands beside being in the menu, which has all of them in their order.
struct Place
{
    std::string_view id;
    bool inToolBar = false;
    bool beginsGroup = false; ///< in the menu
    QKeyCombination shortcut{};
};

static Place placeOf(std::string_view id)
{
    static constexpr Place Places[] = {
        {.id = "check", .inToolBar = true, .shortcut = Qt::CTRL | Qt::Key_K},
        {.id = "backup", .inToolBar = true, .beginsGroup = true, .shortcut = Qt::CTRL | Qt::Key_B},
        {.id = "journal", .inToolBar = true, .beginsGroup = true},
        {.id = "compact", .inToolBar = true},
        {.id = "optimize", .beginsGroup = true},
        {.id = "recover", .beginsGroup = true},
    };
    const auto *found = std::ranges::find(Places, id, &Place::id);
    return found == std::end(Places) ? Place{.id = id} : *found;
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

/// Two databases can't become the same new file.
static bool makesOneFile(const Operation &operation)
{
    return std::ranges::find(operation.parameters, Parameter::Kind::File, &Parameter::kind) !=
           operation.parameters.end();
}

OperationActions::OperationActions(QWidget *owner)
    : QObject(owner)
{
    for (const Operation *operation : operations::all()) {
        if (operation->subject == operations::Subject::Database)
            add(*operation, owner);
    }
    setSelected(0);
}

QAction *OperationActions::make(QWidget *owner, OperationRequest request, bool dialog)
{
    auto *action = new QAction(dialog ? tr("%1…").arg(request.verb) : request.verb, owner);
    action->setStatusTip(translated(request.operation->summary));
    action->setToolTip(translated(request.operation->summary));
    m_actions.push_back({action, request.operation, makesOneFile(*request.operation), action->toolTip()});
    connect(action, &QAction::triggered, this, [this, request = std::move(request)] { Q_EMIT requested(request); });
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
        m_actions.push_back({top, &operation, false, top->toolTip()});
    } else {
        top = make(owner, {&operation, {}, title}, dialog);
        top->setShortcut(placeOf(operation.id).shortcut);
    }
    top->setObjectName(QStringLiteral("operation.%1").arg(QLatin1String(operation.id)));
    top->setIcon(theme::icon(operation.id));
    m_top.emplace_back(&operation, top);
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
        ->setShortcut(placeOf(operation.id).shortcut);
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
    for (const auto &[operation, action] : m_top) {
        if (placeOf(operation->id).beginsGroup)
            menu->addSeparator();
        menu->addAction(action);
    }
}

void OperationActions::addTo(QToolBar *bar) const
{
    for (const auto &[operation, action] : m_top) {
        if (!placeOf(operation->id).inToolBar)
            continue;
        bar->addAction(action);
        auto *button = qobject_cast<QToolButton *>(bar->widgetForAction(action));
        if (button && action->menu())
            button->setPopupMode(QToolButton::InstantPopup);
    }
}

void OperationActions::setSelected(int count, bool elsewhere)
{
    for (const Asking &asking : m_actions) {
        const bool can = !elsewhere || models::canBeDoneElsewhere(*asking.operation);
        asking.action->setEnabled(can && (asking.forOne ? count == 1 : count > 0));
        asking.action->setToolTip(can ? asking.toolTip : models::whyNotElsewhere(*asking.operation));
        asking.action->setStatusTip(can ? asking.toolTip : models::whyNotElsewhere(*asking.operation));
    }
}

}
