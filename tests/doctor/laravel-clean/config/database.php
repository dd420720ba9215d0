<?php

use Illuminate\Support\Str;

return [
    'default' => env('DB_CONNECTION', 'sqlite'),

    'connections' => [

        'sqlite' => [
            'driver' => 'sqlite',
            'url' => env('DB_URL'),
            'database' => env('DB_DATABASE', database_path('database.sqlite')),
            'prefix' => '',
            'foreign_key_constraints' => env('DB_FOREIGN_KEYS', true),
            'busy_timeout' => 5000,
            'journal_mode' => env('DB_JOURNAL'),
            'synchronous' => 'NORMAL',
            'transaction_mode' => 'IMMEDIATE',
            'pragmas' => [
                'cache_size' => -20000,
            ],
        ],

        'mysql' => [
            'driver' => 'mysql',
        ],
    ],
];
