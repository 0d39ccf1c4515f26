//! Declaration of enums whose values have stable names.

/// Declares an enum with the name of each value beside it, and derives `ALL`, `name`, `Display` and `Serialize`.
macro_rules! named_enum {
    (
        $(#[$meta:meta])*
        pub enum $type:ident {
            $($(#[$value_meta:meta])* $value:ident = $name:literal,)+
        }
    ) => {
        $(#[$meta])*
        pub enum $type {
            $($(#[$value_meta])* $value,)+
        }

        impl $type {
            /// All values, in order. See the example at the type.
            pub const ALL: [$type; [$($name),+].len()] = [$($type::$value),+];

            /// The stable name. See the example at the type.
            pub const fn name(self) -> &'static str {
                match self {
                    $($type::$value => $name,)+
                }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }

        #[cfg(feature = "serde")]
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.name())
            }
        }
    };
}
pub(crate) use named_enum;
