// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "advice/doctor.h"

#include <QString>

namespace lk::words {

/// "Django 5.2.1"
QString programOf(const advice::Diagnosis &diagnosis);
/// The name of what a row is about: "busy_timeout", "a line".
QString settingOf(const advice::DoctorRow &row);
/// "shop/settings.py:12", "the default of Django", "stored in the file".
QString placeOf(const advice::DoctorRow &row, const advice::Diagnosis &diagnosis);
/// What is in force: "5000", "not understood", "not known".
QString inForce(const advice::DoctorRow &row);
/// Why a value is recommended; empty if none is.
QString reasonOf(const advice::DoctorRow &row);
/// What else is to be said of a program, a line each: that the settings don't name this file, that nothing is run.
QStringList remarks(const advice::Diagnosis &diagnosis);
/// That no program was found beside a database.
QString noProgram();

}
